#include "server_run_test.h"
#include "support/sync_stand.h"

#include <fmt/format.h>

#include <string>

// What is refused, and how.
namespace pipeline::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class RefusalServerRun : public ServerRunTest {
 protected:
  [[nodiscard]] Outcome status_of(const std::string& db) { return stand().run({"status", "--db", db}); }
};

TEST_F(RefusalServerRun, APasswordIsRefusedAndShownNowhere) {
  for (const char* db : {"postgresql://u:s3cret@localhost/d", "service=x password=s3cret"}) {
    const Outcome outcome = stand().run({"check", "--db", db, "--base-url", "http://127.0.0.1:9"});
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.out + outcome.err, AllOf(HasSubstr("~/.pgpass"), Not(HasSubstr("s3cret")))) << db;
  }
}

TEST_F(RefusalServerRun, AServerThatIsNotThereMayBeLater) {
  const Outcome outcome =
      stand().upsert(ServerStand::products(1, 1), {"--db", "postgresql://127.0.0.1:9/d", "--lock-wait", "1ms"});
  EXPECT_EQ(outcome.exit_code, 75) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("postgresql://127.0.0.1:9/d?schema=pipeline: can't connect"));
}

TEST_F(RefusalServerRun, ADatabaseThatTheServerDoesNotHaveIsAWrongAddress) {
  std::string db = stand().db();
  db.replace(db.find("/postgres?"), 9, "/nowhere");
  const Outcome outcome = status_of(db);
  EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("\"nowhere\" does not exist"));
}

TEST_F(RefusalServerRun, TablesOfAnotherProgramAreLeftAlone) {
  (void)stand().query(fmt::format("CREATE SCHEMA {0}; CREATE TABLE {0}.products (id int)", stand().schema()));
  for (const Outcome& outcome : {status_of(stand().db()), stand().upsert(ServerStand::products(1, 1))}) {
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("holds tables of another program: "
                                       "choose another with ?schema=NAME"));
  }
  EXPECT_EQ(stand().value("SELECT count(*) FROM products"), "0");
}

TEST_F(RefusalServerRun, ANewerSchemaIsNotTouched) {
  ASSERT_EQ(stand().upsert(ServerStand::products(1, 1)).exit_code, 0);
  (void)stand().query("INSERT INTO schema_version VALUES (99)");
  for (const Outcome& outcome : {status_of(stand().db()), stand().upsert(ServerStand::products(2, 1))}) {
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.err, HasSubstr("written by a newer pipeline (schema 99"));
  }
  EXPECT_EQ(stand().value("SELECT count(*) FROM products"), "1");
}

TEST_F(RefusalServerRun, ItsCopiesAreTheServersAffair) {
  ASSERT_EQ(stand().upsert(ServerStand::products(1, 1)).exit_code, 0);
  for (const Outcome& outcome : {stand().run({"backup", (stand().folder() / "a.db.zst").string()}),
                                 stand().run({"restore", stand().file("a.db.zst", "").string(), "--force"})}) {
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("pg_dump and pg_restore"));
  }
}

TEST_F(RefusalServerRun, WhoOnlyReadsMakesNoStore) {
  const Outcome outcome = stand().run({"queue", "list"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("there is no database " + stand().db()));
  EXPECT_EQ(stand().query(fmt::format("SELECT 1 FROM pg_namespace WHERE nspname = '{}'", stand().schema())).size(), 0U);
}

}  // namespace
}  // namespace pipeline::test
