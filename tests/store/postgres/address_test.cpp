#include "postgres/address.h"

#include "pipeline/base/error.h"
#include "pipeline/store_postgres/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <string_view>

namespace pipeline::store::postgres {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string option(const Address& address, std::string_view key) {
  for (const auto& [name, value] : address.options)
    if (name == key) return value;
  return {};
}

std::string refusal_of(const std::string& db) {
  try {
    (void)parse_address(db);
  } catch (const UsageError& error) {
    return error.what();
  }
  return {};
}

// What the environment says counts where the address says nothing: here it says nothing.
class AddressTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"PGHOST", "PGSERVICE", "PGSSLMODE", "PGSSLROOTCERT", "PGAPPNAME", "PGCONNECT_TIMEOUT"})
      ::unsetenv(name);
  }
};

TEST_F(AddressTest, KnowsAServerFromAFile) {
  for (const char* db : {"postgresql://host/db", "postgres://host/db", "service=nightly"})
    EXPECT_TRUE(is_address(db)) << db;
  for (const char* db : {"store.db", "postgresql", "/var/lib/postgresql://x", "mysql://host/db"})
    EXPECT_FALSE(is_address(db)) << db;
}

TEST_F(AddressTest, TakesTheSchemaOutWhereverItStands) {
  for (const char* db : {"postgresql://h/d?schema=store_a&port=7", "postgresql://h/d?port=7&schema=store_a",
                         "postgresql://h/d?port=7&schema=store_a&user=u", "service=x schema=store_a port=7",
                         "service=x port=7 schema=store_a"}) {
    const Address address = parse_address(db);
    EXPECT_EQ(address.schema, "store_a") << db;
    EXPECT_EQ(option(address, "port"), "7") << db;
    EXPECT_EQ(option(address, "schema"), "") << db;
  }
  EXPECT_EQ(parse_address("postgresql://h/d").schema, "pipeline");
  EXPECT_EQ(option(parse_address("postgresql://h/d?schema=a"), "dbname"), "d");
}

TEST_F(AddressTest, ASchemaIsANameThatNeedsNoQuotes) {
  for (const char* name : {"Store", "1store", "pg_store", "sto-re", "store%22", "", "가게"})
    EXPECT_THAT(refusal_of(std::string("postgresql://h/d?schema=") + name), HasSubstr("schema")) << name;
  EXPECT_THAT(refusal_of("postgresql://h/d?schema=" + std::string(64, 'a')), HasSubstr("schema"));
  EXPECT_EQ(refusal_of("postgresql://h/d?schema=" + std::string(63, 'a')), "");
}

TEST_F(AddressTest, RefusesAPasswordAndShowsNothingOfIt) {
  for (const char* db : {"postgresql://u:s3cret@h/d", "postgresql://h/d?password=s3cret", "service=x password=s3cret",
                         "postgresql://h/d?sslpassword=s3cret"})
    EXPECT_THAT(refusal_of(db), AllOf(HasSubstr("~/.pgpass"), Not(HasSubstr("s3cret")))) << db;
  EXPECT_THAT(refusal_of("postgresql://u:s3cret%zz@h/d"), AllOf(HasSubstr("no address"), Not(HasSubstr("s3cret"))));
}

TEST_F(AddressTest, AnOptionThatIsMistypedIsNamedByWhatItIsNearTo) {
  EXPECT_THAT(refusal_of("postgresql://h/d?schema=a&sslmod=require"), HasSubstr("did you mean sslmode?"));
  EXPECT_THAT(refusal_of("postgresql://h/d?shema=mugs"), HasSubstr("did you mean schema?"));
  EXPECT_THAT(refusal_of("service=x SCHEMA=mugs"), HasSubstr("did you mean schema?"));
  EXPECT_THAT(refusal_of("service=x s3cret=1"), AllOf(HasSubstr("no address"), Not(HasSubstr("s3cret"))));
}

TEST_F(AddressTest, OverANetworkTheServerHasToProveWhoItIs) {
  EXPECT_EQ(option(parse_address("postgresql://db.example.com/d"), "sslmode"), "verify-full");
  EXPECT_EQ(option(parse_address("postgresql://127.0.0.1,db.example.com/d"), "sslmode"), "verify-full");
  EXPECT_EQ(option(parse_address("postgresql://db.example.com/d?sslmode=require"), "sslmode"), "require");
  ::setenv("PGHOST", "db.example.com", 1);
  EXPECT_EQ(option(parse_address("postgresql:///d"), "sslmode"), "verify-full");
  ::unsetenv("PGHOST");
}

TEST_F(AddressTest, CertificatesAreTheSystemsWhereTheyAreAskedFor) {
  ::setenv("HOME", "/nonexistent", 1);
  const auto of = [](const std::string& db) { return option(parse_address(db), "sslrootcert"); };
  EXPECT_EQ(of("postgresql://db.example.com/d"), "/etc/ssl/certs/ca-certificates.crt");
  EXPECT_EQ(of("postgresql://localhost/d?sslmode=verify-ca"), "/etc/ssl/certs/ca-certificates.crt");
  EXPECT_EQ(of("postgresql://db.example.com/d?sslrootcert=/own.crt"), "/own.crt");
  EXPECT_EQ(of("postgresql://db.example.com/d?sslmode=require"), "") << "it would ask for more than was said";
}

TEST_F(AddressTest, OnThisMachineThereIsNobodyBetween) {
  for (const char* db : {"postgresql://localhost/d", "postgresql://127.0.0.1/d", "postgresql:///d",
                         "postgresql:///d?host=/run/postgresql", "postgresql://[::1]/d"})
    EXPECT_EQ(option(parse_address(db), "sslmode"), "") << db;
}

TEST_F(AddressTest, WhatAServiceFileSaysCounts) {
  EXPECT_EQ(option(parse_address("service=nightly"), "sslmode"), "");
}

TEST_F(AddressTest, IsNamedSoThatItCanBeTyped) {
  EXPECT_EQ(parse_address("postgresql://u@h:7/d?schema=a&sslmode=require").name, "postgresql://u@h:7/d?schema=a");
  EXPECT_EQ(parse_address("postgres://h/d").name, "postgresql://h/d?schema=pipeline");
  EXPECT_EQ(parse_address("postgresql:///d?host=/run/pg&schema=a").name, "postgresql:///d?host=/run/pg&schema=a");
  EXPECT_EQ(parse_address("service=nightly schema=a").name, "service=nightly schema=a");
  EXPECT_EQ(parse_address(parse_address("postgresql://u@/d?host=/run/pg&schema=a").name).name,
            "postgresql://u@/d?host=/run/pg&schema=a");
}

TEST_F(AddressTest, AnotherSchemaIsAnotherStoreAtTheSamePlace) {
  const Address other = parse_address("postgresql://u@h/d?schema=a").with_schema("b");
  EXPECT_EQ(other.schema, "b");
  EXPECT_EQ(other.name, "postgresql://u@h/d?schema=b");
  EXPECT_EQ(option(other, "host"), "h");
}

}  // namespace
}  // namespace pipeline::store::postgres
