#include "pipeline/base/file.h"
#include "pipeline/base/sha256.h"

#include "server_run_test.h"
#include "support/pictures.h"
#include "support/sync_stand.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

// Many processes that build the posts of one store: what one of them alone would come to.
namespace pipeline::test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::Not;
using ::testing::StartsWith;

constexpr int kPosts = 60;
constexpr int kScenes = 70;  // that the posts have their pictures of: most are in two or three posts

// A scene's photo, or one that is nearly equal to it: encoded anew.
const std::string& picture(int scene, bool again) {
  static std::map<std::pair<int, bool>, std::string> all;
  std::string& file = all[{scene, again}];
  if (file.empty())
    file = photo({.seed = static_cast<std::uint64_t>(scene) + 1}, 320, 240, {.quality = again ? 80 : 93});
  return file;
}

// A store of its own with posts that share pictures, equal and nearly equal.
class Shop {
 public:
  explicit Shop(const std::string& server) : stand(server) {}
  // With its posts, and changed products for a round to build them.
  Shop(const std::string& server, std::uint32_t seed) : stand(server) { bring(seed); }

  void bring(std::uint32_t seed, int edition = 0) const {
    lay_posts(seed, edition);
    change_prices(1'000 * (edition + 1));
  }
  // All of them; of a later edition some, with other pictures.
  void lay_posts(std::uint32_t seed, int edition = 0) const {
    std::mt19937 random(seed + static_cast<std::uint32_t>(edition) * 1'000);
    for (int post = 0; post < kPosts; ++post) {
      const auto number = [&](int below) { return static_cast<int>(random() % static_cast<std::uint32_t>(below)); };
      const bool is_edited = edition == 0 || number(3) == 0;
      const int pictures = 2 + number(3);
      if (is_edited) fs::remove_all(posts() / name_of(post));
      for (int i = 0; i < pictures; ++i) {
        const int scene = number(kScenes);
        const bool again = number(2) == 0;
        if (is_edited) write(post, fmt::format("images/{}.jpg", i + 1), picture(scene, again));
      }
      json text = {{"content_id", name_of(post)}, {"title", "겨울 아침의 텀블러"}, {"body", "<p>따뜻해요.</p>"}};
      if (post % 7 == 0)
        text["skus"] = {std::to_string(post + 1), std::to_string((post + 11) % kPosts + 1)};
      else
        text["sku"] = std::to_string(post + 1);
      if (is_edited) write(post, "post.json", text.dump());
    }
  }
  void change_prices(int price) const {
    const Outcome outcome = stand.upsert(ServerStand::products(kPosts - 5, price));  // of some nothing is queued
    if (outcome.exit_code != 0) throw std::runtime_error(outcome.err);
  }

  [[nodiscard]] std::unique_ptr<Process> start() const {
    std::vector<std::string> all{
        pipeline_binary(), "package", "--from-queue", "--posts", posts().string(), "--out", out().string(),
        "--jobs",          "2",       "--lock-wait",  "60s",     "--json"};
    return std::make_unique<Process>(all, stand.environment, stand.folder().path());
  }
  // One that is killed when it has done more than so many posts.
  void start_and_kill(int posts) const {
    const auto killed = start();
    wait_for(*killed, fmt::format("count(*) > {} FROM package_posts WHERE done", posts));
    killed->signal(SIGKILL);
    (void)killed->wait();
  }
  // To their ends, which are all good, but for posts that are rejected. Returns their summaries.
  [[nodiscard]] std::vector<json> work(int workers) const {
    std::vector<std::unique_ptr<Process>> processes;
    for (int i = 0; i < workers; ++i) processes.push_back(start());
    return ends_of(processes);
  }
  static std::vector<json> ends_of(std::vector<std::unique_ptr<Process>>& processes) {
    std::vector<json> summaries;
    for (auto& process : processes) {
      const Outcome outcome = process->wait();
      EXPECT_THAT(outcome.exit_code, AnyOf(Eq(0), Eq(3))) << outcome.err;
      summaries.push_back(json::parse(outcome.out));
    }
    return summaries;
  }

  // All that they leave, a line each: packages, whose pictures are whose, posts, the queue, and the zips.
  [[nodiscard]] std::set<std::string> outcome() const {
    std::set<std::string> lines;
    for (const char* sql :
         {"SELECT 'package', content_id, encode(digest, 'hex'), images, naver_bytes, unique_bytes FROM packages",
          "SELECT 'image', content_id, encode(sha256, 'hex'), perceptual_hash FROM images",
          "SELECT 'post', content_id, state, reasons, products FROM posts",
          "SELECT 'entry', sku, status, error FROM refresh_queue"})
      for (const auto& row : stand.query(sql)) lines.insert(fmt::format("{}", fmt::join(row, " | ")));
    lines.merge(zips());
    return lines;
  }
  [[nodiscard]] std::set<std::string> zips() const {
    std::set<std::string> lines;
    Sha256Hasher hasher;
    for (const auto& file : fs::directory_iterator(out()))
      if (const auto name = file.path().filename().string(); !name.starts_with('.'))  // what a killed one left
        lines.insert(name + " " + to_hex(hasher.hash(read_file(file.path()))));
    return lines;
  }
  [[nodiscard]] int count(const std::string& of) const { return std::stoi(stand.value("SELECT count(*) FROM " + of)); }
  // While it is at work.
  void wait_for(Process& worker, const std::string& condition) const {
    while (worker.running() && stand.value("SELECT " + condition) != "t") std::this_thread::sleep_for(2ms);
  }
  // As if so much time had passed.
  void end_leases() const {
    (void)stand.query("UPDATE run_lock SET lease_until = now() - interval '1 s' WHERE name <> 'run'");
  }
  // Of one, as the lock names it.
  void end_lease_of(const std::string& holder) const {
    (void)stand.query("UPDATE run_lock SET lease_until = now() - interval '1 s' WHERE holder = '" + holder + "'");
  }
  [[nodiscard]] fs::path posts() const { return stand.folder() / "posts"; }
  [[nodiscard]] fs::path out() const { return stand.folder() / "packages"; }

  ServerStand stand;

 private:
  [[nodiscard]] static std::string name_of(int post) { return fmt::format("P{:02}", post); }
  void write(int post, const std::string& name, const std::string& bytes) const {
    const fs::path file = posts() / name_of(post) / name;
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
  }
};

// Each post once.
void expect_shared(const std::vector<json>& summaries) {
  std::map<std::string, int> times;
  for (const json& summary : summaries)
    for (const json& one : summary["packages"])
      if (one["status"] == "built" || one["status"] == "rejected") ++times[one["content_id"].get<std::string>()];
  for (const auto& [post, n] : times) EXPECT_EQ(n, 1) << post;
}

// What is in one of them alone.
std::vector<std::string> difference(const std::set<std::string>& a, const std::set<std::string>& b) {
  std::vector<std::string> lines;
  std::ranges::set_symmetric_difference(a, b, std::back_inserter(lines));
  return lines;
}

std::int64_t total(const std::vector<json>& summaries, const char* count) {
  std::int64_t sum = 0;
  for (const json& summary : summaries) sum += summary["queue"][count].get<std::int64_t>();
  return sum;
}

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
