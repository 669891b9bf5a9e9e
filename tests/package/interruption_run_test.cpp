#include "pipeline/base/clock.h"
#include "pipeline/base/run_lock.h"

#include "package_stand.h"
#include "support/videos.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <thread>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

class InterruptedRun : public testing::TestWithParam<std::pair<int, int>> {
 protected:
  PackageStand stand_;
};

TEST_P(InterruptedRun, WhatWasBuiltStaysWhatWasBegunIsDropped) {
  constexpr int kPosts = 20;
  const auto [signal, code] = GetParam();
  for (int i = 0; i < kPosts; ++i) (void)stand_.post(fmt::format("P{:02}", i), {3 * i, 3 * i + 1, 3 * i + 2});
  Process run = stand_.start({"--jobs", "2", stand_.posts().string()});
  while (run.running() && !fs::exists(stand_.unique("P03"))) std::this_thread::sleep_for(1ms);
  run.signal(signal);
  const Outcome outcome = run.wait();
  EXPECT_EQ(outcome.exit_code, code) << outcome.err;

  const auto summary = summary_of(outcome);
  const int built = summary["built"];
  EXPECT_GE(built, 3);
  ASSERT_LT(built, kPosts) << "it was over before the signal came";
  EXPECT_EQ(summary["posts"], built);
  EXPECT_EQ(summary["status"], signal == SIGINT ? "interrupted" : "terminated");
  EXPECT_EQ(summary["stopped"],
            fmt::format("interrupted with {} post{} left", kPosts - built, kPosts - built == 1 ? "" : "s"));
  EXPECT_EQ(
      stand_.query("SELECT status, exit_code, json_extract(counts, '$.built') FROM runs WHERE command = 'package'"),
      (SqlRows{{"INTERRUPTED", std::to_string(code), std::to_string(built)}}));
  EXPECT_EQ(stand_.value("SELECT count(*) FROM packages"), std::to_string(built));
  const auto names = names_in(stand_.out());
  EXPECT_EQ(names.size(), 2 * static_cast<std::size_t>(built));
  for (const auto& name : names) EXPECT_EQ(stand_.tool({"unzip", "-tqq", (stand_.out() / name).string()}).exit_code, 0);

  const auto again = stand_.build();
  EXPECT_EQ(again["exit_code"], 0);
  EXPECT_EQ(again["unchanged"], built);
  EXPECT_EQ(again["built"], kPosts - built);
}

TEST_P(InterruptedRun, WhileItWaitsForAnotherRun) {
  const auto [signal, code] = GetParam();
  (void)stand_.post("A", {1, 2});
  const SystemClock clock;
  const RunLock other(stand_.db(), "pipeline sync", clock.wall());
  Process run = stand_.start({stand_.posts().string()});
  while (run.running() && run.err_so_far().find("held by another run") == std::string::npos)
    std::this_thread::sleep_for(5ms);
  run.signal(signal);
  const Outcome outcome = run.wait();
  EXPECT_EQ(outcome.exit_code, code);
  EXPECT_EQ(summary_of(outcome)["stopped"], "stopped while waiting for another run to end");
  EXPECT_FALSE(fs::exists(stand_.out()));
}

INSTANTIATE_TEST_SUITE_P(Signals, InterruptedRun, testing::Values(std::pair(SIGINT, 130), std::pair(SIGTERM, 143)));

// --- runs that do not begin ---

class RefusedRun : public testing::Test {
 protected:
  // What the run says; it leaves nothing behind.
  std::string refusal(const std::vector<std::string>& arguments, int exit_code) {
    const Outcome outcome = stand_.run(arguments);
    EXPECT_EQ(outcome.exit_code, exit_code) << outcome.err;
    EXPECT_FALSE(fs::exists(stand_.out()));
    EXPECT_EQ(stand_.value("SELECT count(*) FROM runs WHERE command = 'package'"), "0");
    return outcome.err;
  }

  PackageStand stand_;
  PostFiles post_ = stand_.post("A", {1, 2});
  const std::string a_ = post_.folder().string();
  const std::string posts_ = stand_.posts().string();
};

TEST_F(RefusedRun, AnotherRunHasTheDatabase) {
  const SystemClock clock;
  const RunLock other(stand_.db(), "pipeline sync", clock.wall());
  EXPECT_THAT(refusal({"--lock-wait", "1ms", a_}, 75), HasSubstr("pipeline sync"));
}

TEST_F(RefusedRun, ThereIsNoDatabase) {
  const auto missing = (stand_.folder() / "none.db").string();
  EXPECT_THAT(refusal({"--db", missing, a_}, 2), AllOf(HasSubstr(missing), HasSubstr("--db")));
  EXPECT_FALSE(fs::exists(missing));
}

TEST_F(RefusedRun, ThereIsNoPost) {
  const auto empty = stand_.folder() / "empty";
  fs::create_directory(empty);
  EXPECT_THAT(refusal({empty.string()}, 2), HasSubstr(empty.string()));
  EXPECT_THAT(refusal({a_, (stand_.posts() / "B").string()}, 2), HasSubstr("there is no post"));
  EXPECT_THAT(refusal({a_ + "/images/1.jpg"}, 2), HasSubstr("is no post"));
  EXPECT_THAT(refusal({"--from-queue", "--posts", (stand_.posts() / "B").string()}, 2), HasSubstr("there is no post"));
}

TEST_F(RefusedRun, TheOptionsDoNotGoTogether) {
  EXPECT_THAT(refusal({}, 2), HasSubstr("POST"));
  EXPECT_THAT(refusal({"--from-queue"}, 2), HasSubstr("--posts"));
  EXPECT_THAT(refusal({"--from-queue", "--posts", posts_, a_}, 2), HasSubstr("--from-queue"));
  EXPECT_THAT(refusal({"--posts", posts_}, 2), HasSubstr("--from-queue"));
}

TEST_F(RefusedRun, AnOptionIsOutOfItsBounds) {
  for (const std::vector<std::string>& wrong : std::vector<std::vector<std::string>>{{"--jobs", "0"},
                                                                                     {"--keyframes", "-1"},
                                                                                     {"--max-duplicate-ratio", "1.5"},
                                                                                     {"--max-duplicate-ratio", "nan"},
                                                                                     {"--compression", "most"},
                                                                                     {"--video-timeout", "soon"},
                                                                                     {"--min-images", "two"}})
    EXPECT_THAT(refusal({wrong[0], wrong[1], a_}, 2), HasSubstr(wrong[0]));
}

}  // namespace
}  // namespace pipeline::test
