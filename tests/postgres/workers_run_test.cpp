#include "posts_shop.h"
#include "server_run_test.h"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

// Many processes that build the posts of one store: what one of them alone would come to.
namespace pipeline::test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::Not;
using ::testing::StartsWith;

class WorkersServerRun : public ServerRunTest {
 protected:
  [[nodiscard]] static Shop shop() { return Shop(*shared_server()); }
  [[nodiscard]] static Shop shop(std::uint32_t seed) { return {*shared_server(), seed}; }
};

// Both editions: with nothing before, and among packages of which some are edited, whose pictures others may have then.
TEST_F(WorkersServerRun, ComeToWhatOneAloneComesTo) {
  for (std::uint32_t seed = 1; seed <= 3; ++seed) {
    const Shop one = shop();
    const Shop four = shop();
    for (int edition = 0; edition < 3; ++edition) {
      for (const Shop* each : {&one, &four}) each->bring(seed, edition);
      const auto alone = one.work(1);
      const auto summaries = four.work(4);
      expect_shared(summaries);
      EXPECT_THAT(difference(four.outcome(), one.outcome()), IsEmpty()) << seed << ' ' << edition;
      for (const char* count : {"claimed", "done", "without_post", "failed", "returned", "refused"})
        EXPECT_EQ(total(summaries, count), total(alone, count)) << count;
      EXPECT_GT(one.count("posts WHERE state = 'REJECTED'"), 10) << "pictures are shared";
      EXPECT_GT(one.count("posts WHERE state = 'BUILT'"), 10);
    }
    for (const char* table : {"package_round", "package_posts", "package_pictures", "package_workers"})
      EXPECT_EQ(four.count(table), 0) << table;
    EXPECT_EQ(four.count("runs WHERE command = 'package' AND status IN ('OK', 'PARTIAL')"), 12);
  }
}

// SQLite has one worker at a time, and knows nothing of rounds.
TEST_F(WorkersServerRun, ComeToWhatAWorkerOnAFileComesTo) {
  Shop file = shop();
  const Shop four = shop();
  file.stand.environment["PIPELINE_DB"] = (file.stand.folder() / "store.db").string();
  for (int edition = 0; edition < 2; ++edition) {
    for (const Shop* each : {&std::as_const(file), &four}) each->bring(9, edition);
    (void)file.work(1);
    (void)four.work(4);
    EXPECT_THAT(difference(four.zips(), file.zips()), IsEmpty()) << edition;
  }
}

TEST_F(WorkersServerRun, OneThatIsKilledCostsItsLeaseAlone) {
  const Shop one = shop(5);
  (void)one.work(1);
  int killed_at_work = 0;
  for (int round = 0; round < 6; ++round) {
    const Shop three = shop(5);
    auto killed = three.start();
    three.wait_for(*killed, "count(*) = 1 FROM package_workers");
    const std::string holder = three.stand.value("SELECT holder FROM run_lock WHERE name <> 'run'");
    std::vector<std::unique_ptr<Process>> others;
    others.push_back(three.start());
    others.push_back(three.start());
    three.wait_for(*killed, "count(*) = 3 FROM package_workers");
    three.wait_for(*killed, fmt::format("count(*) > {} FROM package_posts WHERE done", round * 9));
    killed->signal(SIGKILL);
    if (killed->wait().exit_code == 128 + SIGKILL) ++killed_at_work;
    three.end_lease_of(holder);
    (void)Shop::ends_of(others);
    EXPECT_THAT(difference(three.outcome(), one.outcome()), IsEmpty()) << round;
    EXPECT_EQ(three.count("refresh_queue WHERE attempts > 1"), 0) << "entries are the round's";
  }
  EXPECT_GT(killed_at_work, 2);
}

TEST_F(WorkersServerRun, TheNextOnesTakeUpWhatAllHaveLeft) {
  const Shop one = shop(6);
  const Shop two = shop(6);
  (void)one.work(1);
  std::vector<std::unique_ptr<Process>> killed;
  killed.push_back(two.start());
  killed.push_back(two.start());
  two.wait_for(*killed.front(), "count(*) > 12 FROM package_posts WHERE done");
  for (auto& worker : killed) worker->signal(SIGKILL);
  for (auto& worker : killed) (void)worker->wait();
  EXPECT_GT(two.count("refresh_queue WHERE status = 'CLAIMED'"), 0);
  two.end_leases();
  (void)two.work(2);
  EXPECT_THAT(difference(two.outcome(), one.outcome()), IsEmpty());
  EXPECT_EQ(two.count("refresh_queue WHERE status = 'CLAIMED' OR status = 'PENDING'"), 0);
  (void)two.work(1);  // alone, it knows that nobody else is at work
  EXPECT_EQ(two.count("runs WHERE status = 'KILLED'"), 2);
}

// A run that was alone with the store came between: what they had claimed goes back to the queue.
TEST_F(WorkersServerRun, WhatAllHaveLeftIsBegunAnewAfterAnotherRun) {
  const Shop shop(*shared_server(), 6);
  shop.start_and_kill(12);
  shop.end_leases();
  shop.change_prices(2'000);
  EXPECT_EQ(total(shop.work(1), "refused"), 0);
  EXPECT_EQ(shop.count("refresh_queue WHERE status = 'CLAIMED' OR status = 'PENDING'"), 0);
  EXPECT_EQ(shop.count("refresh_queue WHERE attempts = 2"), kPosts - 5) << "and no entry more";
  EXPECT_EQ(shop.count("(SELECT sha256 FROM images GROUP BY sha256 HAVING count(*) > 1) AS twice"), 0);
  for (const auto& file : fs::directory_iterator(shop.out()))
    EXPECT_THAT(file.path().filename().string(), Not(StartsWith("."))) << "nothing half is left";
  EXPECT_EQ(shop.zips().size(), 2U * static_cast<std::size_t>(shop.count("packages")));
}

// A film, say, at which its worker crashes: not all of them, one after the other.
TEST_F(WorkersServerRun, APostWhoseWorkersDieIsFailed) {
  const Shop shop(*shared_server(), 6);
  shop.start_and_kill(12);
  (void)shop.stand.query("UPDATE package_posts SET lost = 2 WHERE worker IS NOT NULL AND NOT done");
  const int under_way = shop.count("package_posts WHERE worker IS NOT NULL AND NOT done");
  ASSERT_GT(under_way, 0);
  shop.end_leases();
  (void)shop.work(1);
  EXPECT_EQ(shop.count("posts WHERE state = 'FAILED' AND reasons LIKE '%3 workers ended without a word%'"), under_way);
  (void)shop.work(1);
  EXPECT_EQ(shop.count("posts WHERE state = 'FAILED'"), 0) << "the next round tries again";
}

// Which it must not reject, as a post that is gone would be.
TEST_F(WorkersServerRun, APostThatAWorkerDoesNotFindIsFailedAndKeepsWhatItHas) {
  const Shop shop(*shared_server(), 6);
  (void)shop.work(1);
  const std::string last = shop.stand.value("SELECT max(content_id) FROM packages");
  shop.change_prices(2'000);
  shop.start_and_kill(3);
  shop.end_leases();
  fs::rename(shop.posts() / last, shop.stand.folder() / last);  // as if this machine had another folder of posts
  const auto summary = shop.work(1).front();
  EXPECT_THAT(summary.dump(), HasSubstr("give --posts the same folder on all"));
  EXPECT_EQ(summary["failed"], 1);
  EXPECT_TRUE(fs::exists(shop.out() / ("naver_" + last + ".zip")));
  EXPECT_EQ(shop.count("packages WHERE content_id = '" + last + "'"), 1);
}

// A machine that sleeps while it builds, longer than its lease.
TEST_F(WorkersServerRun, TwoNeverWriteOneZip) {
  const Shop one = shop(7);
  const Shop two = shop(7);
  (void)one.work(1);
  auto asleep = two.start();
  two.wait_for(*asleep, "count(*) > 8 FROM package_posts WHERE done");
  asleep->signal(SIGSTOP);
  ASSERT_GT(two.count("package_posts WHERE worker IS NOT NULL AND NOT done"), 0) << "it had posts under way";
  two.end_leases();
  (void)two.work(1);
  const auto built = two.zips();
  std::map<std::string, fs::file_time_type> times;
  for (const auto& file : fs::directory_iterator(two.out()))
    times[file.path().filename().string()] = file.last_write_time();
  asleep->signal(SIGCONT);
  const Outcome outcome = asleep->wait();
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("another run has taken the store over"));
  for (const auto& file : fs::directory_iterator(two.out()))
    EXPECT_EQ(file.last_write_time(), times[file.path().filename().string()]) << file.path();
  EXPECT_THAT(difference(two.zips(), built), IsEmpty());
  EXPECT_THAT(difference(two.outcome(), one.outcome()), IsEmpty());
}

TEST_F(WorkersServerRun, AnInterruptedOneLeavesItsPostsToTheOthers) {
  const Shop one = shop(8);
  const Shop two = shop(8);
  (void)one.work(1);
  auto interrupted = two.start();
  two.wait_for(*interrupted, "count(*) > 5 FROM package_posts WHERE done");
  std::vector<std::unique_ptr<Process>> others;
  others.push_back(two.start());
  two.wait_for(*others.front(), "count(*) = 2 FROM package_workers");
  interrupted->signal(SIGINT);
  EXPECT_EQ(interrupted->wait().exit_code, 130);
  (void)Shop::ends_of(others);
  EXPECT_THAT(difference(two.outcome(), one.outcome()), IsEmpty());
}

TEST_F(WorkersServerRun, OtherRunsWaitUntilTheyAreDone) {
  const Shop two = shop(3);
  auto worker = two.start();
  two.wait_for(*worker, "count(*) > 2 FROM package_posts WHERE done");
  const Outcome upsert = two.stand.upsert(ServerStand::products(3, 7), {"--lock-wait", "1s"});
  EXPECT_EQ(upsert.exit_code, 75);
  EXPECT_THAT(upsert.err, AllOf(HasSubstr("pipeline package, since"), HasSubstr("pid ")));
  EXPECT_THAT(worker->wait().exit_code, Le(3));
}

}  // namespace
}  // namespace pipeline::test
