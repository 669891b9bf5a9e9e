#include "pipeline/base/file.h"

#include "posts_shop.h"
#include "server_run_test.h"
#include "support/kills.h"

#include <fmt/format.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

// Package workers of one store that are killed, or fall asleep, at random moments, beside others that go on.
namespace pipeline::test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using ::testing::AnyOf;
using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr int kWorkers = 3;
constexpr int kKills = 10;        // unless more are asked for
constexpr int kKillsAtATime = 5;  // of one round of posts

// Who gets a file its name, and how often.
class Namings {
 public:
  explicit Namings(const fs::path& folder) : inotify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
    fs::create_directories(folder);
    if (::inotify_add_watch(inotify_.get(), folder.c_str(), IN_MOVED_TO) < 0) throw std::runtime_error("inotify");
  }
  // Since the last call.
  [[nodiscard]] std::map<std::string, int> named() const {
    std::map<std::string, int> times;
    alignas(inotify_event) std::array<char, 64 * 1024> buffer{};
    for (ssize_t size = 0; (size = ::read(inotify_.get(), buffer.data(), buffer.size())) > 0;)
      for (ssize_t at = 0; at < size;) {
        const auto* const event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
        ++times[event->name];
        at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
      }
    return times;
  }
  void expect_each_once() const {
    for (const auto& [name, times] : named()) EXPECT_EQ(times, 1) << name << " is two workers'";
  }

 private:
  const Fd inotify_;
};

class UnluckyWorkers : public ::testing::TestWithParam<unsigned> {
 protected:
  void SetUp() override {
    if (!shared_server()) GTEST_SKIP() << "no PostgreSQL server: scripts/test starts one";
    const Shop alone(*shared_server(), GetParam());
    for (auto* outcome : {&after_one_run_, &after_another_}) {
      (void)alone.work(1);
      *outcome = alone.outcome();
    }
  }
  // So many of the round's posts are done, and some moments more have passed.
  void wait_for_posts(const Shop& shop, Process& worker, double share) {
    const int posts = static_cast<int>(share * kPosts);
    if (posts > 0) shop.wait_for(worker, fmt::format("count(*) >= {} FROM package_posts WHERE done", posts));
    std::this_thread::sleep_for(std::chrono::microseconds(random_() % (posts > 0 ? 20'000 : 200'000)));
  }
  // In one run; or in two, where a worker began when the others had just done all: that looks once more at what was
  // rejected, beside the posts behind it.
  void expect_what_one_alone_makes(const Shop& shop) const {
    const auto found = shop.outcome();
    EXPECT_THAT(difference(found, found == after_another_ ? after_another_ : after_one_run_), IsEmpty());
    EXPECT_EQ(shop.count("refresh_queue WHERE attempts > 1"), 0) << "entries are the round's";
  }
  // What was not whole when its worker died has no name that counts, and goes with the next run; which looks once more
  // at what was rejected, beside the posts behind it.
  void expect_no_more_after_the_next_run(const Shop& shop) const {
    (void)shop.work(1);
    EXPECT_THAT(difference(shop.outcome(), after_another_), IsEmpty()) << "after the next run";
    for (const auto& file : fs::directory_iterator(shop.out()))
      EXPECT_THAT(file.path().filename().string(), Not(StartsWith("."))) << "nothing half is left";
  }

  std::mt19937 random_{GetParam()};
  std::uniform_real_distribution<double> within_{0, 1};
  std::set<std::string> after_one_run_;
  std::set<std::string> after_another_;
};

class KilledWorkers : public UnluckyWorkers {};
class SleepingWorkers : public UnluckyWorkers {};

TEST_P(KilledWorkers, LeaveTheOthersWhatOneAloneWouldHaveMade) {
  const int kills = kill_count(kKills);
  int at_work = 0;
  int killed = 0;
  while (killed < kills && !HasFailure()) {
    const Shop shop(*shared_server(), GetParam());
    const Namings namings(shop.out());
    std::vector<std::unique_ptr<Process>> workers;
    for (int i = 0; i < kWorkers; ++i) workers.push_back(shop.start());
    for (int i = 0; i < kKillsAtATime && killed < kills; ++i, ++killed) {
      SCOPED_TRACE(fmt::format("seed {}, kill {}", GetParam(), killed));
      auto& victim = workers[random_() % kWorkers];
      wait_for_posts(shop, *victim, (i + within_(random_) - 0.5) / kKillsAtATime);
      at_work += victim->running() ? 1 : 0;
      victim->signal(SIGKILL);
      (void)victim->wait();
      namings.expect_each_once();
      shop.end_lease_of(*victim);
      // That a post may cost no more than three workers is another test's affair.
      (void)shop.stand.query("UPDATE package_posts SET lost = 0");
      victim = shop.start();
    }
    (void)Shop::ends_of(workers);
    namings.expect_each_once();
    expect_what_one_alone_makes(shop);
    expect_no_more_after_the_next_run(shop);
  }
  EXPECT_GT(at_work, killed / 4);
  fmt::print("{} workers killed, {} of them at work\n", killed, at_work);
}

TEST_P(SleepingWorkers, WriteNothingOnceTheOthersHaveTheirPosts) {
  const int rounds = kill_count(2);
  int at_work = 0;
  int named_late = 0;
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    SCOPED_TRACE(fmt::format("seed {}, round {}", GetParam(), round));
    const Shop shop(*shared_server(), GetParam());
    const std::string name = shop.stand.schema() + "_sleeper";
    const Namings namings(shop.out());
    const auto sleeper = shop.start(name);
    std::vector<std::unique_ptr<Process>> others;
    for (int i = 1; i < kWorkers; ++i) others.push_back(shop.start());
    wait_for_posts(shop, *sleeper, 0.9 * within_(random_));
    sleeper->signal(SIGSTOP);
    namings.expect_each_once();
    shop.stand.end_open_transactions(name);
    shop.end_lease_of(*sleeper);
    (void)Shop::ends_of(others);
    namings.expect_each_once();
    expect_what_one_alone_makes(shop);

    sleeper->signal(SIGCONT);
    const Outcome outcome = sleeper->wait();
    EXPECT_THAT(outcome.exit_code, AnyOf(Eq(0), Eq(1), Eq(3))) << outcome.err;
    if (outcome.exit_code == 1) {
      EXPECT_THAT(outcome.err, HasSubstr("another run has taken the store over"));
      ++at_work;
      // Of one that fell asleep between its last look whether the post is its own, and the names: they are equal zips.
      if (const auto late = namings.named(); !late.empty()) {
        ++named_late;
        EXPECT_LE(late.size(), 2U) << "zips of posts that a worker had lost";
      }
    }
    expect_what_one_alone_makes(shop);
    expect_no_more_after_the_next_run(shop);
  }
  EXPECT_GT(at_work, 0);
  fmt::print("{} workers slept, {} of them at work, {} in the moment before it named its zips\n", rounds, at_work,
             named_late);
}

INSTANTIATE_TEST_SUITE_P(Seeds, KilledWorkers, ::testing::ValuesIn(kill_seeds({31})));
INSTANTIATE_TEST_SUITE_P(Seeds, SleepingWorkers, ::testing::ValuesIn(kill_seeds({32})));

}  // namespace
}  // namespace pipeline::test
