#include "support/sync_stand.h"

#include <gtest/gtest.h>

#include <fstream>

// What a wrong call, config or credential is told, before any request is made.
namespace pipeline::test {
namespace {

class Usage : public ::testing::Test {
 protected:
  void expect_refused(const std::vector<std::string>& arguments, const std::string& naming) {
    const auto outcome = stand.sync(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_NE(outcome.err.find(naming), std::string::npos) << outcome.err;
    EXPECT_EQ(stand.store().stats().requests, 0U);
  }
  SyncStand stand;
};

TEST_F(Usage, AnEatenSecretIsRefusedBeforeAnyRequest) {
  stand.environment["NAVER_COMMERCE_CLIENT_SECRET"] = "a$abcdefghijklmnopqrstuv";
  expect_refused({}, "eaten the $ signs");
}

TEST_F(Usage, AMissingCredentialIsNamed) {
  stand.environment.erase("NAVER_COMMERCE_CLIENT_ID");
  expect_refused({}, "NAVER_COMMERCE_CLIENT_ID is not set");
}

TEST_F(Usage, CredentialsMayStandInFiles) {
  const auto file = stand.folder() / "secret";
  std::ofstream(file) << stand.environment["NAVER_COMMERCE_CLIENT_SECRET"] << "\n";
  stand.environment.erase("NAVER_COMMERCE_CLIENT_SECRET");
  stand.environment["NAVER_COMMERCE_CLIENT_SECRET_FILE"] = file.string();
  EXPECT_EQ(stand.sync({"--limit", "1"}).exit_code, 0);
}

TEST_F(Usage, PlainHttpToAnotherHostIsRefused) {
  expect_refused({"--base-url", "http://192.0.2.1/external"}, "https only");
}

TEST_F(Usage, AnUnknownConfigKeyIsNamedWithItsLine) {
  const auto file = stand.folder() / "pipeline.toml";
  std::ofstream(file) << "[sync]\nworkers = 4\nwokers = 5\n";
  expect_refused({"--config", file.string()}, "pipeline.toml:3: sync has no option wokers");
}

TEST_F(Usage, CommandLineBeatsEnvironmentBeatsFile) {
  const auto file = stand.folder() / "pipeline.toml";
  std::ofstream(file) << "[sync]\nlimit = 3\n";
  EXPECT_EQ(stand.summary({"--config", file.string()})["listed"], 3);
  stand.environment["PIPELINE_SYNC_LIMIT"] = "5";
  EXPECT_EQ(stand.summary({"--config", file.string()})["listed"], 5);
  EXPECT_EQ(stand.summary({"--config", file.string(), "--limit", "7"})["listed"], 7);
}

TEST_F(Usage, AFileThatIsNoDatabaseIsRefusedByName) {
  std::ofstream(stand.db())
      << "these are notes, not a database, and there are enough of them to fill a header or two.....";
  expect_refused({}, "store.db");
}

TEST_F(Usage, AMetricsFolderThatCannotBeMadeIsNamed) {
  std::ofstream(stand.folder() / "metrics") << "a file";
  const auto outcome = stand.sync();
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.err.find("metrics is no folder"), std::string::npos) << outcome.err;
  EXPECT_EQ(stand.store().stats().requests, 0U);
}

}  // namespace
}  // namespace pipeline::test
