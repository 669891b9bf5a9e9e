#include "support/forked.h"
#include "upsert_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

class RefusalRun : public ::testing::Test {
 protected:
  // The exit code and the message, and that the file stays as it is.
  void expect_refused(int code, const std::string& reason) {
    const auto before = digest_of(stand_.db());
    const Outcome outcome = stand_.run({file_});
    EXPECT_EQ(outcome.exit_code, code) << outcome.err;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr(stand_.db().string()), HasSubstr(reason)));
    EXPECT_THAT(summary_of(outcome)["stopped"].get<std::string>(), HasSubstr(reason));
    EXPECT_EQ(digest_of(stand_.db()), before);
  }
  void make_database() { (void)stand_.feed(row("1", 1) + "\n"); }
  // Runs as a user whom file permissions stop, which they don't do to root.
  std::string run_with_permissions() {
    return with_permissions([&] {
      const Outcome outcome = stand_.run({file_});
      return std::to_string(outcome.exit_code) + " " + outcome.err;
    });
  }

  UpsertStand stand_;
  const std::string file_ = stand_.file("good.jsonl", row("1", 2) + "\n");
};

TEST_F(RefusalRun, AFileThatIsNoDatabase) {
  (void)stand_.file("store.db", std::string(4096, 'n'));
  expect_refused(2, "choose another file with --db");
}

TEST_F(RefusalRun, AnotherProgramsDatabase) {
  (void)stand_.file("store.db", "");
  stand_.execute("CREATE TABLE theirs (a)");
  expect_refused(2, "is a SQLite database of another program");
}

TEST_F(RefusalRun, ATruncatedDatabase) {
  make_database();
  fs::resize_file(stand_.db(), fs::file_size(stand_.db()) / 2);
  expect_refused(1, "the file is damaged: restore a copy of it");
}

TEST_F(RefusalRun, ADatabaseThatIsNewerThanTheProgram) {
  make_database();
  stand_.execute("PRAGMA user_version = 99");
  expect_refused(1, "update the program");
}

TEST_F(RefusalRun, ADatabaseThatMayNotBeWritten) {
  make_database();
  fs::permissions(stand_.db(), fs::perms(0444));
  EXPECT_THAT(run_with_permissions(),
              AllOf(HasSubstr("1 "), HasSubstr(stand_.db().string()), HasSubstr("can't be written")));
  EXPECT_EQ(stand_.value("SELECT sale_price FROM products"), "1");
}

TEST_F(RefusalRun, AnInputThatMayNotBeRead) {
  fs::permissions(file_, fs::perms(0));
  EXPECT_THAT(run_with_permissions(), AllOf(HasSubstr("2 "), HasSubstr(file_), HasSubstr("chmod +r")));
}

TEST_F(RefusalRun, AnInputThatIsNotThereStopsTheRunBeforeItChangedAnything) {
  make_database();
  for (const auto& [input, advice] : std::vector<std::pair<std::string, std::string>>{
           {stand_.folder() / "no.jsonl", "check the path"}, {stand_.folder().path(), "name the files in it"}}) {
    const Outcome outcome = stand_.run({file_, input});
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("cannot read " + input), HasSubstr(advice)));
    EXPECT_EQ(stand_.value("SELECT sale_price FROM products"), "1");
  }
}

TEST_F(RefusalRun, WhatIsNoProductFileIsNamedAndTheOthersAreRead) {
  using namespace std::string_literals;
  const std::vector<std::pair<std::string, std::string>> odd = {
      {stand_.file("array.json", "[" + row("9", 1) + "]"), "JSON array"},
      {stand_.file("book.xlsx", "PK\x03\x04 and so on"), "its workbook is damaged"},
      {stand_.file("utf16.csv", "s\0k\0u\0,\0a\0"s), "UTF-16"},
      {stand_.file("nosku.csv", "id,name\n1,n\n"),
       "its header names no column `sku`; name the column that tells the products apart so"},
  };
  std::vector<std::string> inputs;
  for (const auto& [path, what] : odd) inputs.push_back(path);
  inputs.insert(inputs.begin() + 2, file_);
  inputs.push_back(stand_.file("last.jsonl", row("2", 1) + "\n"));

  const Outcome outcome = stand_.run(inputs);
  EXPECT_EQ(outcome.exit_code, 3);
  const auto summary = summary_of(outcome);
  EXPECT_EQ(summary["files_failed"], odd.size());
  EXPECT_EQ(summary["inserted"], 2);
  EXPECT_EQ(summary["rejected"], 0);
  ASSERT_EQ(summary["failures"].size(), odd.size());
  for (std::size_t i = 0; i < odd.size(); ++i) {
    EXPECT_EQ(summary["failures"][i]["file"], odd[i].first);
    EXPECT_TRUE(summary["failures"][i]["line"].is_null());
    const auto error = summary["failures"][i]["error"].get<std::string>();
    EXPECT_THAT(error, AllOf(HasSubstr("cannot read " + odd[i].first), HasSubstr(odd[i].second)));
    EXPECT_THAT(outcome.err, HasSubstr(error));
  }
}

}  // namespace
}  // namespace pipeline::test
