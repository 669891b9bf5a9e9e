#include "budget_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kFull = R"(exec "$@" >/dev/full)";
constexpr const char* kClosed = R"(exec "$@" >&-)";

// Every command with an output that can't be written: each says so, and none lets it pass for success.
class OutputRun : public ::testing::Test {
 protected:
  // A line of the shell in which "$@" stands for the executable and its arguments. `in` is what it has as number 0.
  Outcome shell(const std::string& line, const std::vector<std::string>& arguments, const Fd& in = {}) const {
    std::vector<std::string> all{"/bin/sh", "-c", line, "sh"};
    const auto command = stand_.command(arguments);
    all.insert(all.end(), command.begin(), command.end());
    return Process(all, stand_.environment(), outputs_.path(), in).wait();
  }
  // Standard output is a pipe whose reader has gone.
  Outcome unread(const std::vector<std::string>& arguments) const {
    Pipe pipe;
    pipe.read.reset();
    return shell(R"(exec "$@" >&0)", arguments, pipe.write);
  }
  // A catalogue, a queue, a post, a run, and another with the same figures, so that comparing them finds nothing amiss.
  void fill() {
    ASSERT_EQ(stand_.sync({"--quiet"}).exit_code, 0);
    ASSERT_EQ(stand_.package({"--quiet"}).exit_code, 0);
    for (const auto& entry : std::filesystem::directory_iterator(stand_.metrics()))
      if (const auto name = entry.path().filename().string();
          name.starts_with("sync-") && !name.ends_with("samples.csv"))
        run_csv_ = entry.path().string();
    const std::string id = std::filesystem::path(run_csv_).stem().string().substr(std::string("sync-").size());
    const std::string other = "20260401T020000-0123abcd";
    std::string rows = read_file(run_csv_);
    for (std::size_t at = 0; (at = rows.find(id, at)) != rows.npos; at += other.size())
      rows.replace(at, id.size(), other);
    other_csv_ = stand_.write("sync-" + other + ".csv", rows);
  }
  std::vector<std::string> sync(std::vector<std::string> more = {}) const {
    return stand_.sync_arguments(std::move(more));
  }
  std::vector<std::vector<std::string>> commands() const {
    const std::string rows = stand_.path("rows.jsonl");
    const std::string post = stand_.path("posts");
    return {sync(),
            sync({"--json"}),
            sync({"--dry-run", "--full"}),
            sync({"--dry-run", "--json"}),
            {"upsert", rows},
            {"upsert", rows, "--json"},
            {"upsert", rows, "--dry-run"},
            {"upsert", rows, "--dry-run", "--json"},
            {"package", post, "--out", stand_.path("packages")},
            {"package", post, "--out", stand_.path("packages"), "--json"},
            {"queue", "list"},
            {"queue", "list", "--json"},
            {"queue", "claim", "--worker", "w"},
            {"queue", "done", "1"},
            {"queue", "done", "2", "--json"},
            {"queue", "retry", "--all"},
            {"report", "show", run_csv_},
            {"report", "show", run_csv_, "--json"},
            {"report", "check", run_csv_, "--budget", stand_.budget(rule_kept("sync"))},
            {"report", "compare", run_csv_, other_csv_, "--max-regression", "10000%"},
            {"report", "history"},
            {"report", "history", "--json"},
            {"report", "html", "--out", stand_.path("page.html")}};
  }

  BudgetStand stand_;
  TempDir outputs_;
  std::string run_csv_;
  std::string other_csv_;
};

TEST_F(OutputRun, AFullDiskIsAFailure) {
  fill();
  for (const auto& arguments : commands()) {
    const Outcome outcome = shell(kFull, arguments);
    const std::string name = arguments[0] + " " + arguments[1];
    EXPECT_EQ(outcome.exit_code, 1) << name << "\n" << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("cannot write standard output: No space left on device")) << name;
  }
}

TEST_F(OutputRun, AClosedOutputIsAFailure) {
  fill();
  for (const auto& arguments : commands()) {
    const Outcome outcome = shell(kClosed, arguments);
    const std::string name = arguments[0] + " " + arguments[1];
    EXPECT_EQ(outcome.exit_code, 1) << name << "\n" << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("cannot write standard output: it is closed")) << name;
  }
}

TEST_F(OutputRun, HelpAndVersionAreNoExceptions) {
  for (const std::string line : {kFull, kClosed})
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"--help"}, {"--version"}, {"sync", "--help"}, {"queue", "list", "--help"}}) {
      std::vector<std::string> all{"/bin/sh", "-c", line, "sh", pipeline_binary()};
      all.insert(all.end(), arguments.begin(), arguments.end());
      const Outcome outcome = Process(all, {}, outputs_.path()).wait();
      EXPECT_EQ(outcome.exit_code, 1) << arguments.front();
      EXPECT_THAT(outcome.err, HasSubstr("cannot write standard output")) << arguments.front();
    }
}

TEST_F(OutputRun, WhatTheRunDidIsSavedAndItsRowTellsTheCode) {
  const Outcome outcome = shell(kFull, sync({"--json", "--prometheus", stand_.path("sync.prom")}));
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_EQ(stand_.value("SELECT count(*) FROM products"), std::to_string(stand_.products()));
  EXPECT_EQ(stand_.value("SELECT status || ' ' || exit_code FROM runs"), "FAILED 1");
  EXPECT_THAT(read_file(stand_.path("sync.prom")), HasSubstr("pipeline_last_run_exit_code{command=\"sync\"} 1"));
}

TEST_F(OutputRun, WhoIsToSayNothingNeedsNoOutput) {
  for (const std::string line : {kFull, kClosed}) EXPECT_EQ(shell(line, sync({"--quiet"})).exit_code, 0);
  EXPECT_EQ(stand_.value("SELECT group_concat(status) FROM runs"), "OK,OK");
}

TEST_F(OutputRun, StandardErrorIsNoReasonToFail) {
  for (const std::string line : {R"(exec "$@" 2>/dev/full)", R"(exec "$@" 2>&-)", R"(exec "$@" 0<&- 2>&-)"}) {
    const Outcome outcome = shell(line, sync({"--json", "--log-level", "trace"}));
    EXPECT_EQ(outcome.exit_code, 0) << line;
    EXPECT_EQ(json::parse(outcome.out)["status"], "ok") << line;
  }
  EXPECT_EQ(stand_.value("PRAGMA integrity_check"), "ok");
  EXPECT_EQ(shell(R"(exec "$@" 2>/dev/full)", {"queue", "list", "--budget", stand_.budget(rule_over("queue list"))})
                .exit_code,
            4);
}

// Its reader has what it wanted: no failure of who shows.
TEST_F(OutputRun, AReaderThatGoesEndsWhatOnlyShows) {
  fill();
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"queue", "list"},
        {"queue", "list", "--json"},
        {"report", "show", run_csv_},
        {"report", "history"},
        {"report", "compare", run_csv_, other_csv_, "--max-regression", "10000%"},
        sync({"--dry-run", "--full", "--quiet", "--json"}),
        {"upsert", stand_.path("rows.jsonl"), "--dry-run", "--log-level", "warn"}}) {
    const Outcome outcome = unread(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << arguments[0] << " " << arguments[1] << outcome.err;
    EXPECT_THAT(outcome.err, Not(HasSubstr("standard output"))) << arguments[0] << " " << arguments[1];
  }
}

// What is done has to be told: nobody else knows it.
TEST_F(OutputRun, AReaderThatGoesFailsWhatHasToTell) {
  fill();
  for (const std::vector<std::string>& arguments : {sync({"--json"}),
                                                    sync(),
                                                    {"upsert", stand_.path("rows.jsonl"), "--json"},
                                                    {"queue", "claim", "--worker", "w", "--json"},
                                                    {"queue", "done", "1"}}) {
    const Outcome outcome = unread(arguments);
    EXPECT_EQ(outcome.exit_code, 1) << arguments[0] << " " << arguments[1];
    EXPECT_THAT(outcome.err, HasSubstr("cannot write standard output: nobody reads it any more")) << arguments[0];
  }
}

// A name that can't be looked at: an exception of the standard library, which no command used to expect.
TEST_F(OutputRun, AnExceptionOfTheFileSystemIsAFailureLikeOthers) {
  std::filesystem::create_symlink("ring", stand_.path("ring"));
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"queue", "list"},
                                                    {"queue", "claim", "--worker", "w"},
                                                    sync({"--dry-run"}),
                                                    {"upsert", stand_.path("rows.jsonl"), "--dry-run"}}) {
    auto all = stand_.command(arguments);
    all.insert(all.end(), {"--json", "--db", stand_.path("ring")});
    const Outcome outcome = Process(all, stand_.environment(), outputs_.path()).wait();
    EXPECT_EQ(outcome.exit_code, 1) << arguments[0] << outcome.err;
    const auto summary = json::parse(outcome.out, nullptr, false);
    ASSERT_TRUE(summary.is_object()) << arguments[0] << outcome.out;
    EXPECT_EQ(summary["exit_code"], 1);
    EXPECT_THAT(summary["stopped"], HasSubstr("ring")) << arguments[0];
  }
}

}  // namespace
}  // namespace pipeline::test
