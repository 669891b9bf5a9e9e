#include "upsert_stand.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

namespace pipeline::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string rows(int first, int last) {
  std::string text;
  for (int i = first; i <= last; ++i) text += row(fmt::format("{:03}", i), 1000 + i) + "\n";
  return text;
}

// --complete: what the files no longer have is removed.
class CompleteRun : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(stand_.feed(rows(1, 100))["inserted"], 100);
    ASSERT_EQ(stand_.feed(R"({"sku":"other","name":"o"})", {"--source", "OTHER"})["inserted"], 1);
    stand_.settle_queue();
  }
  json feed_all(std::string_view bytes, std::vector<std::string> arguments = {}) const {
    arguments.emplace_back("--complete");
    return stand_.feed(bytes, std::move(arguments));
  }
  std::string present() const {
    return stand_.value("SELECT count(*) FROM products WHERE removed_at IS NULL AND source = 'MY_STORE'");
  }
  void expect_nothing_removed(const json& summary, const std::string& why) const {
    EXPECT_EQ(summary["exit_code"], 3);
    EXPECT_EQ(summary["removed"], 0);
    EXPECT_THAT(summary["removals"].get<std::string>(), AllOf(HasSubstr("not checked: "), HasSubstr(why)));
    EXPECT_EQ(stand_.value("SELECT count(*) FROM products WHERE removed_at IS NOT NULL"), "0");
  }

  UpsertStand stand_;
};

TEST_F(CompleteRun, WhatTheFileNoLongerHasIsRemovedAndQueued) {
  const auto summary = feed_all(rows(3, 101));
  EXPECT_EQ(summary["exit_code"], 0);
  EXPECT_EQ(summary["removed"], 2);
  EXPECT_EQ(summary["inserted"], 1);
  EXPECT_EQ(summary["unchanged"], 98);
  EXPECT_EQ(summary["removals"], "checked");
  EXPECT_EQ(stand_.value("SELECT group_concat(sku) FROM products WHERE removed_at IS NOT NULL"), "001,002");
  EXPECT_THAT(stand_.pending(),
              ElementsAre(ElementsAre("001", "REMOVED",
                                      R"([{"field":"product","old":"product 001","new":null,"reason":"REMOVED"}])"),
                          ElementsAre("002", "REMOVED", testing::_), ElementsAre("101", "NEW", testing::_)));
  EXPECT_EQ(stand_.value("SELECT json_extract(counts, '$.removed') FROM runs ORDER BY started_at DESC LIMIT 1"), "2");
}

TEST_F(CompleteRun, TheSameFileAgainLeavesTheDatabaseAsItIsToTheByte) {
  (void)feed_all(rows(3, 100));
  const auto before = digest_of(stand_.db());
  const auto again = feed_all(rows(3, 100), {"--batch-size", "30"});
  EXPECT_EQ(again["exit_code"], 0);
  EXPECT_EQ(again["removed"], 0);
  EXPECT_EQ(again["unchanged"], 98);
  EXPECT_EQ(digest_of(stand_.db()), before);
}

TEST_F(CompleteRun, ARunWhoseOnlyChangesAreRemovalsIsNoted) {
  (void)feed_all(rows(2, 100));
  EXPECT_EQ(stand_.value("SELECT count(*) FROM runs WHERE status = 'OK'"), "3");
  EXPECT_EQ(stand_.feed(rows(1, 100))["updated"], 1) << "it is back";
  EXPECT_EQ(present(), "100");
}

TEST_F(CompleteRun, WithoutTheOptionNothingIsRemoved) {
  const auto summary = stand_.feed(rows(50, 100));
  EXPECT_EQ(summary["exit_code"], 0);
  EXPECT_TRUE(summary["removals"].is_null());
  EXPECT_EQ(present(), "100");
}

TEST_F(CompleteRun, SeveralFilesAreOneSource) {
  const auto summary = stand_.summary(
      {"--complete", stand_.file("a.jsonl", rows(1, 40)), stand_.file("b.jsonl", rows(40, 99)), "--batch-size", "7"});
  EXPECT_EQ(summary["exit_code"], 0);
  EXPECT_EQ(summary["removed"], 1);
  EXPECT_EQ(present(), "99");
}

TEST_F(CompleteRun, OnlyTheSourceOfTheRunIsComplete) {
  const auto summary = feed_all(rows(1, 99) + R"({"sku":"third","source":"THIRD","name":"t"})" + "\n");
  EXPECT_EQ(summary["removed"], 1);
  EXPECT_EQ(stand_.value("SELECT count(*) FROM products WHERE source <> 'MY_STORE' AND removed_at IS NULL"), "2");
  const auto none = feed_all(R"({"sku":"third","source":"THIRD","name":"t"})");
  EXPECT_EQ(none["exit_code"], 3);
  EXPECT_THAT(none["removals"].get<std::string>(), HasSubstr("no row is of MY_STORE"));
  EXPECT_EQ(present(), "99");
}

// --- the ceiling ---

TEST_F(CompleteRun, MoreThanTheLimitIsHeldBack) {
  const auto summary = feed_all(rows(12, 100));
  EXPECT_EQ(summary["exit_code"], 3);
  EXPECT_EQ(summary["removed"], 0);
  EXPECT_EQ(summary["held_back"], 11);
  EXPECT_THAT(summary["removals"].get<std::string>(),
              AllOf(HasSubstr("held back: 11 of 100"), HasSubstr("product 001 (001)"), HasSubstr("--max-removals")));
  EXPECT_EQ(summary["held_back_removals"][0], json::parse(R"({"sku":"001","name":"product 001"})"));
  EXPECT_EQ(present(), "100");
  EXPECT_THAT(stand_.pending(), ElementsAre());
  EXPECT_EQ(feed_all(rows(12, 100), {"--max-removals", "10"})["held_back"], 11);
  EXPECT_EQ(feed_all(rows(12, 100), {"--max-removals", "11"})["removed"], 11);
  EXPECT_EQ(present(), "89");
}

TEST_F(CompleteRun, ExactlyTheLimitIsRemoved) {
  EXPECT_EQ(feed_all(rows(11, 100))["removed"], 10);
}

// Products that the run itself brings do not raise the limit.
TEST_F(CompleteRun, TheShareIsOfWhatWasKnownBefore) {
  EXPECT_EQ(feed_all(rows(12, 500), {"--max-removals", "10%"})["held_back"], 11);
}

// --- never when the file may not be whole ---

TEST_F(CompleteRun, NothingIsRemovedWhenARowWasRejected) {
  expect_nothing_removed(feed_all(rows(3, 100) + "{}\n"), "rows were rejected");
  EXPECT_EQ(feed_all(rows(3, 99) + R"({"sku":"100","sale_price":"many"})" + "\n")["removed"], 0);
}

TEST_F(CompleteRun, NothingIsRemovedWhenAFileCannotBeRead) {
  const auto summary =
      stand_.summary({"--complete", stand_.file("a.jsonl", rows(3, 100)), stand_.file("b.jsonl", "[1,2]")});
  expect_nothing_removed(summary, "could not be read to its end");
}

TEST_F(CompleteRun, NothingIsRemovedByAnEmptyFile) {
  expect_nothing_removed(feed_all(""), "has no rows");
  expect_nothing_removed(feed_all("sku,sale_price\n"), "has no rows");
  expect_nothing_removed(
      stand_.summary({"--complete", stand_.file("a.jsonl", rows(3, 100)), stand_.file("b.jsonl", "\n\n")}),
      "b.jsonl has no rows");
}

TEST_F(CompleteRun, NothingIsRemovedByAFileThatWasCut) {
  const auto whole = rows(3, 100);
  expect_nothing_removed(feed_all(whole.substr(0, whole.size() - 20)), "rows were rejected");
}

TEST_F(CompleteRun, NothingIsRemovedByACsvThatWasCutBetweenTwoColumns) {
  std::string csv = "sku,sale_price,stock_quantity\n";
  for (int i = 3; i <= 100; ++i) csv += fmt::format("{:03},{},7\n", i, 1000 + i);
  const auto last_comma = csv.rfind(',');
  expect_nothing_removed(feed_all(csv.substr(0, last_comma)), "may have been cut");
  EXPECT_EQ(feed_all(csv.substr(0, csv.size() - 1))["removed"], 2) << "a last line without its end is whole";
}

TEST_F(CompleteRun, NothingIsRemovedWhenTheRunIsInterrupted) {
  const auto pipe = (stand_.folder() / "pipe").string();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  Process run = stand_.start({"--complete", pipe});
  {
    std::ofstream feed(pipe);
    feed << rows(3, 100) << std::flush;
    // From a silent pipe what has come is committed after a second; then the signal finds it waiting for more.
    while (stand_.value("SELECT count(*) FROM products WHERE sku = '101'") == "0") {
      feed << row("101", 1) << "\n" << std::flush;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    run.signal(SIGTERM);
    const Outcome outcome = run.wait();
    EXPECT_EQ(outcome.exit_code, 143);
    EXPECT_THAT(summary_of(outcome)["removals"].get<std::string>(), HasSubstr("interrupted"));
  }
  EXPECT_EQ(present(), "101");
}

// --- without writing, and in words ---

TEST_F(CompleteRun, ADryRunShowsWhatWouldBeRemoved) {
  const auto file = stand_.file("next.jsonl", rows(3, 100));
  const auto before = stand_.files();
  const auto summary = stand_.summary({"--dry-run", "--complete", file});
  EXPECT_EQ(summary["exit_code"], 0);
  EXPECT_EQ(summary["removed"], 2);
  EXPECT_EQ(summary["plan"], json::parse(R"([{"action":"removed","sku":"001","name":"product 001","changes":[]},
                                             {"action":"removed","sku":"002","name":"product 002","changes":[]}])"));
  EXPECT_EQ(stand_.summary({"--dry-run", "--complete", "--max-removals", "1", file})["held_back"], 2);
  EXPECT_EQ(stand_.files(), before);
}

TEST_F(CompleteRun, TellsItInWords) {
  const auto text = [&](int first) {
    return stand_.text({"--complete", stand_.file("next.jsonl", rows(first, 100))}).out;
  };
  EXPECT_THAT(text(20),
              AllOf(HasSubstr("removals held back: 19 of 100 known products"), HasSubstr("--max-removals 19")));
  EXPECT_THAT(text(3), HasSubstr("2 of MY_STORE no longer in the files, marked as removed"));
  EXPECT_THAT(stand_.text({"--complete", stand_.file("next.jsonl", "")}).out, HasSubstr("removals not checked: "));
  EXPECT_THAT(stand_.text({stand_.file("next.jsonl", rows(50, 60))}).out, Not(HasSubstr("removed")));
}

}  // namespace
}  // namespace pipeline::test
