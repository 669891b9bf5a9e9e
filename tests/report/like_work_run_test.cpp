#include "support/process.h"
#include "support/sync_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>

// Real nights, good and bad, and what the reports say of them.
namespace pipeline::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

emulator::Options thirty_products() {
  emulator::Options options;
  options.products = 30;
  return options;
}

class LikeWorkRun : public testing::Test {
 protected:
  LikeWorkRun() : stand_(thirty_products()) {}

  [[nodiscard]] Outcome report(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {pipeline_binary(), "report"});
    arguments.insert(arguments.end(), {"--metrics-dir", stand_.metrics().string()});
    return Process(arguments, {{"LC_ALL", "C.UTF-8"}}, stand_.folder().path()).wait();
  }
  [[nodiscard]] std::string page() const {
    const auto out = stand_.folder() / "page.html";
    const Outcome outcome = report({"html", "--out", out.string(), "--db", stand_.db().string()});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return read_file(out);
  }
  std::string csv_of(const std::vector<std::string>& arguments, int exit_code) {
    const Outcome outcome = stand_.sync(arguments);
    EXPECT_EQ(outcome.exit_code, exit_code) << outcome.err;
    return json::parse(outcome.out).value("metrics_csv", "");
  }
  void lose_the_secret() { stand_.environment["NAVER_COMMERCE_CLIENT_SECRET"] = "$2a$04$zzzzzzzzzzzzzzzzzzzzzz"; }

  SyncStand stand_;
};

TEST_F(LikeWorkRun, ARunWithTheWrongSecretIsNotPraised) {
  for (int night = 0; night < 4; ++night) csv_of({"--full"}, 0);
  EXPECT_THAT(page(), HasSubstr("runs before with like work"));
  lose_the_secret();
  csv_of({"--full"}, 2);
  EXPECT_THAT(page(),
              AllOf(HasSubstr("did not get through, so it is not compared"), Not(HasSubstr(" faster per item"))));

  const auto history = json::parse(report({"history", "--json"}).out);
  const auto& section = history["sections"][0];
  EXPECT_EQ(section["runs"].back(), 4);
  EXPECT_EQ(section["failed_runs"].back(), 1);
  EXPECT_THAT(report({"history"}).out, HasSubstr("failed, left out"));
}

TEST_F(LikeWorkRun, ACatchUpNightIsNotScolded) {
  csv_of({}, 0);
  for (int night = 0; night < 4; ++night) csv_of({}, 0);
  csv_of({"--full"}, 0);
  EXPECT_THAT(page(), AllOf(HasSubstr("had like work: too few to compare with"), Not(HasSubstr(" slower per item"))));
}

TEST_F(LikeWorkRun, ARunThatFailedIsLeftOutOfAComparison) {
  const std::string base = csv_of({"--full"}, 0);
  const std::string fresh = csv_of({"--full"}, 0);
  lose_the_secret();
  const std::string failed = csv_of({"--full"}, 2);
  ASSERT_NE(failed, "");
  EXPECT_THAT(report({"show", failed}).out, HasSubstr("exit code 2: it did not get through"));
  EXPECT_EQ(json::parse(report({"show", failed, "--json"}).out)["run_exit_code"], 2);
  const Outcome outcome = report({"compare", base, failed});
  EXPECT_EQ(outcome.exit_code, 2) << outcome.out;
  EXPECT_THAT(outcome.err, HasSubstr("NEW has no run of sync that got through"));
  EXPECT_THAT(report({"compare", "--base", base, "--new", fresh, failed, "--max-regression", "10000%"}).out,
              HasSubstr("left out, as they did not get through: "));
}

// What a spreadsheet saved once is read by every command, and the next night goes on in the file.
TEST_F(LikeWorkRun, FilesThatASpreadsheetSavedAreReadByEveryReport) {
  const std::string first = csv_of({"--full"}, 0);
  const std::string second = csv_of({"--full"}, 0);
  const auto history = stand_.metrics() / "history.csv";
  const auto samples = std::filesystem::path(first).replace_extension().string() + "-samples.csv";
  for (const std::filesystem::path& file : {std::filesystem::path(first), history, std::filesystem::path(samples)}) {
    const std::string text = "\xEF\xBB\xBF" + read_file(file) + ",,,,,\r\n,,,,,\r\n";
    std::ofstream(file, std::ios::binary) << text;
  }
  csv_of({"--full"}, 0);
  std::ofstream(stand_.folder() / "budget.json")
      << "\xEF\xBB\xBF"
      << R"({"sets": {"own": [{"name": "a day", "command": "sync", "metric": "sync_total_seconds", "statistic": "sum", "at_most": "24 h"}]}})";
  const std::string budget = (stand_.folder() / "budget.json").string();
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"show", first},
           {"check", first, "--budget", budget},
           {"compare", first, second, "--max-regression", "10000%"},
           {"history", "--budget", budget},
           {"html", "--out", (stand_.folder() / "page.html").string(), "--budget", budget}}) {
    const Outcome outcome = report(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << arguments[0] << ": " << outcome.err;
    EXPECT_THAT(outcome.err, Not(HasSubstr("left out"))) << arguments[0];
  }
  EXPECT_EQ(json::parse(report({"history", "--json"}).out)["runs"], 3);
}

}  // namespace
}  // namespace pipeline::test
