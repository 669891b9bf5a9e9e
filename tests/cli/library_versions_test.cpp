#include "pipeline/cli/library_versions.h"

#include "pipeline/base/version.h"
#include "pipeline/store_sqlite/database.h"

#include "parse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace pipeline::cli {
namespace {

TEST(LibraryVersions, NameWhatTheProgramWorksWith) {
  EXPECT_THAT(library_versions(), testing::MatchesRegex("curl [0-9.]+.*, sqlite 3\\.[0-9.]+, simdjson .*, libzip .*"));
}

TEST(LibraryVersions, StandInTheVersionAsJson) {
  const auto json = nlohmann::json::parse(test::parse({"--version", "--json"}).text);
  EXPECT_EQ(json["version"], program_version());
  EXPECT_EQ(json["schema"], store::sqlite::schema_version());
  for (const auto& [name, version] : libraries()) EXPECT_EQ(json["libraries"][name], version);
  EXPECT_THAT(json["build"]["compiler"].get<std::string>(),
              testing::AnyOf(testing::HasSubstr("g++"), testing::HasSubstr("clang")));
}

TEST(LibraryVersions, DoNotStandInTheVersionAsALine) {
  EXPECT_EQ(test::parse({"--version"}).text, "pipeline " + std::string(program_version()) + "\n");
}

}  // namespace
}  // namespace pipeline::cli
