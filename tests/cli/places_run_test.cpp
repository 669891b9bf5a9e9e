#include "pipeline/base/file.h"

#include "budget_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

// Where a run is to write is looked at before its first call, dry or not.
class PlacesRun : public ::testing::Test {
 protected:
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(stand_.db().parent_path()))
      if (const auto name = entry.path().filename().string(); !name.starts_with("out-") && !name.starts_with("err-"))
        names.push_back(name);
    std::ranges::sort(names);
    return names;
  }
  void expect_refusal(const std::vector<std::string>& arguments, const std::string& words) {
    const auto before = files();
    const Outcome outcome = stand_.run(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(words)) << arguments.front();
    EXPECT_EQ(files(), before) << arguments.front();
    EXPECT_EQ(stand_.requests(), 0U);
  }

  BudgetStand stand_;
};

TEST_F(PlacesRun, AFolderThatIsMissingIsFoundBeforeTheFirstCall) {
  const std::string prom = stand_.path("none/run.prom");
  const std::string words = "--prometheus " + prom + ": there is no folder " + stand_.path("none") + ": make it";
  expect_refusal(stand_.sync_arguments({"--prometheus", prom}), words);
  expect_refusal(stand_.sync_arguments({"--dry-run", "--prometheus", prom}), words);
  expect_refusal({"upsert", stand_.path("rows.jsonl"), "--prometheus", prom}, words);
  expect_refusal({"upsert", stand_.path("rows.jsonl"), "--dry-run", "--prometheus", prom}, words);
  expect_refusal({"upsert", stand_.path("rows.jsonl"), "--reject-file", stand_.path("none/bad.jsonl")},
                 "--reject-file " + stand_.path("none/bad.jsonl") + ": there is no folder");
  expect_refusal({"report", "html", "--out", stand_.path("none/page.html")},
                 "--out " + stand_.path("none/page.html") + ": there is no folder");
}

TEST_F(PlacesRun, AFolderIsNoDatabaseForWhatOnlyReadsEither) {
  fs::create_directory(stand_.db());
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"status"}, {"queue", "list"}, {"post", "list"}, {"backup", stand_.path("b.zst")}, {"prune", "--dry-run"}})
    expect_refusal(command, "is a folder: name a file in it");
}

TEST_F(PlacesRun, WhatTwoOutputsWouldShareIsFound) {
  const std::string file = stand_.path("out.txt");
  expect_refusal({"upsert", stand_.path("rows.jsonl"), "--reject-file", file, "--prometheus", file},
                 "is what --prometheus writes, and would be written over");
}

TEST_F(PlacesRun, AFileWhereAFolderShouldBeIsFound) {
  const std::string file = stand_.path("rows.jsonl");
  expect_refusal(stand_.sync_arguments({"--prometheus", file + "/x.prom"}), file + " is no folder");
  fs::create_directory(stand_.path("folder"));
  expect_refusal(stand_.sync_arguments({"--prometheus", stand_.path("folder")}), "is a folder: name a file in it");
  expect_refusal({"upsert", file, "--reject-file", stand_.path("folder")}, "is a folder: name a file in it");
}

TEST_F(PlacesRun, AFolderIsNoDatabase) {
  fs::create_directory(stand_.path("folder"));
  for (const auto& arguments : {stand_.sync_arguments({}), stand_.sync_arguments({"--dry-run"}),
                                std::vector<std::string>{"upsert", stand_.path("rows.jsonl")}}) {
    auto all = stand_.command(arguments);
    all.insert(all.end(), {"--db", stand_.path("folder")});
    const Outcome outcome = Process(all, stand_.environment(), stand_.db().parent_path()).wait();
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("--db " + stand_.path("folder") + ": is a folder: name a file in it"));
  }
  EXPECT_FALSE(fs::exists(stand_.path("folder.lock")));
}

// By whatever name: the reject file is emptied before the first row is read.
TEST_F(PlacesRun, NothingThatIsNeededIsWrittenOver) {
  const std::string rows = stand_.path("rows.jsonl");
  const std::string before = read_file(rows);
  ASSERT_FALSE(before.empty());
  fs::create_symlink(rows, stand_.path("link.jsonl"));
  for (const std::string& name : {rows, stand_.path("link.jsonl"), stand_.path("./rows.jsonl")})
    expect_refusal({"upsert", rows, "--reject-file", name}, "is an input of this run, and would be written over");
  EXPECT_EQ(read_file(rows), before);

  const std::string db = stand_.db().string();
  expect_refusal(stand_.sync_arguments({"--prometheus", db}), "is the database");  // which is not there yet
  ASSERT_EQ(stand_.upsert({"--quiet"}).exit_code, 0);
  for (const auto& arguments :
       {stand_.sync_arguments({"--prometheus", db}), std::vector<std::string>{"upsert", rows, "--reject-file", db},
        std::vector<std::string>{"report", "html", "--out", db}})
    expect_refusal(arguments, "is the database, and would be written over: name another file");
}

TEST_F(PlacesRun, TheDatabasesFolderIsNamed) {
  const std::string db = stand_.path("none/store.db");
  for (const auto& arguments : {stand_.sync_arguments({}), stand_.sync_arguments({"--dry-run"}),
                                std::vector<std::string>{"upsert", stand_.path("rows.jsonl")}}) {
    auto all = stand_.command(arguments);
    all.insert(all.end(), {"--db", db});
    const Outcome outcome = Process(all, stand_.environment(), stand_.db().parent_path()).wait();
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("--db " + db + ": there is no folder " + stand_.path("none") + ": make it"));
  }
}

TEST_F(PlacesRun, APackagesFoldersAreLookedAtBeforeItBegins) {
  ASSERT_EQ(stand_.upsert({"--quiet"}).exit_code, 0);
  const Outcome outcome = stand_.package({"--out", stand_.path("rows.jsonl") + "/packages"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("--out "), HasSubstr("rows.jsonl is no folder")));
  EXPECT_EQ(stand_.value("SELECT count(*) FROM runs WHERE command = 'package'"), "0");
}

TEST_F(PlacesRun, AMetricsFolderThatCantBeMadeIsFound) {
  const std::string folder = stand_.path("rows.jsonl") + "/metrics";
  for (const auto& arguments : {stand_.sync_arguments({}), stand_.sync_arguments({"--dry-run"}),
                                std::vector<std::string>{"upsert", stand_.path("rows.jsonl")}}) {
    auto all = stand_.command(arguments);
    all.insert(all.end(), {"--metrics-dir", folder});
    const Outcome outcome = Process(all, stand_.environment(), stand_.db().parent_path()).wait();
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("--metrics-dir " + folder + ": "));
  }
  EXPECT_FALSE(fs::exists(stand_.db()));
}

// A database that is refused, or not there, has nothing put beside it.
TEST_F(PlacesRun, ARefusedDatabaseGetsNoLockFile) {
  stand_.write("notes.db", std::string(200, 'x'));
  for (const auto& arguments :
       {stand_.sync_arguments({}), std::vector<std::string>{"upsert", stand_.path("rows.jsonl")}}) {
    auto all = stand_.command(arguments);
    all.insert(all.end(), {"--db", stand_.path("notes.db")});
    const Outcome outcome = Process(all, stand_.environment(), stand_.db().parent_path()).wait();
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_FALSE(fs::exists(stand_.path("notes.db.lock"))) << arguments.front();
  }
  const Outcome mistyped = stand_.package({});
  EXPECT_EQ(mistyped.exit_code, 2);
  EXPECT_THAT(mistyped.err, HasSubstr("there is no database"));
  EXPECT_FALSE(fs::exists(stand_.db().string() + ".lock"));

  ASSERT_EQ(stand_.upsert({"--quiet"}).exit_code, 0);
  EXPECT_TRUE(fs::exists(stand_.db().string() + ".lock"));
}

TEST_F(PlacesRun, ADryRunNamesItselfInJson) {
  EXPECT_EQ(json::parse(stand_.sync({"--dry-run", "--json"}).out)["dry_run"], true);
  EXPECT_EQ(json::parse(stand_.upsert({"--dry-run", "--json"}).out)["dry_run"], true);
}

}  // namespace
}  // namespace pipeline::test
