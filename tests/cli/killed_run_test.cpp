#include "copies_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

// A run that was killed notes no end: who asks next is told all the same.
namespace pipeline::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class KilledRun : public ::testing::Test {
 protected:
  nlohmann::json night() const { return stand.json({"status"})["nights"].at(0); }

  mutable CopiesStand stand;
};

TEST_F(KilledRun, IsToldBeforeTheNextOneBegins) {
  ASSERT_EQ(stand.store.sync().exit_code, 0);
  stand.store.store().set_latency(20ms, 0ms);
  Process sync = stand.store.start({"--full", "--workers", "1"});
  while (sync.running() && stand.store.value("SELECT count(*) FROM runs WHERE status = 'RUNNING'") == "0")
    std::this_thread::sleep_for(2ms);
  EXPECT_EQ(night()["status"], "RUNNING");
  EXPECT_EQ(stand.run({"status", "--check", "--quiet"}).exit_code, 0) << "it is at work";
  sync.signal(SIGKILL);
  (void)sync.wait();

  const auto status = stand.json({"status"});
  EXPECT_EQ(status["nights"].at(0)["status"], "KILLED");
  ASSERT_EQ(status["todo"]["look"].size(), 1U) << status;
  const auto look = status["todo"]["look"].at(0);
  EXPECT_EQ(look["kind"], "night_failed");
  EXPECT_EQ(look["state"], "KILLED");
  EXPECT_EQ(look["command"], "sync");
  EXPECT_THAT(look["why"].get<std::string>(), AllOf(HasSubstr("ended without a word"), HasSubstr("run it again")));
  EXPECT_EQ(stand.run({"status", "--check", "--quiet"}).exit_code, 3);
  EXPECT_THAT(stand.run({"status"}).out, HasSubstr("sync: KILLED, "));
  const Outcome korean = stand.run({"status", "--language", "ko"});
  EXPECT_THAT(korean.out, AllOf(HasSubstr("다시 실행하세요"), Not(HasSubstr("without a word"))));
  EXPECT_EQ(stand.store.value("SELECT status FROM runs ORDER BY started_at DESC"), "RUNNING") << "nothing is written";

  const auto page = stand.path("page.html");
  ASSERT_EQ(stand.run({"report", "html", "--out", page.string()}).exit_code, 0);
  EXPECT_THAT(read_file(page), AllOf(HasSubstr("data-state=\"stopped\""), HasSubstr("was killed")));

  stand.store.store().set_latency(0ms, 0ms);
  ASSERT_EQ(stand.store.sync().exit_code, 0);
  EXPECT_EQ(night()["status"], "OK");
  EXPECT_EQ(stand.run({"status", "--check", "--quiet"}).exit_code, 0);
}

}  // namespace
}  // namespace pipeline::test
