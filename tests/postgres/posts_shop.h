#pragma once

#include "pipeline/base/file.h"
#include "pipeline/base/sha256.h"

#include "server_stand.h"
#include "support/pictures.h"
#include "support/sync_stand.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

// A store with posts that share pictures, for workers that build them together.
namespace pipeline::test {

inline constexpr int kPosts = 60;
inline constexpr int kScenes = 70;  // that the posts have their pictures of: most are in two or three posts

// A scene's photo, or one that is nearly equal to it: encoded anew.
inline const std::string& picture(int scene, bool again) {
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
      if (is_edited) std::filesystem::remove_all(posts() / name_of(post));
      for (int i = 0; i < pictures; ++i) {
        const int scene = number(kScenes);
        const bool again = number(2) == 0;
        if (is_edited) write(post, fmt::format("images/{}.jpg", i + 1), picture(scene, again));
      }
      nlohmann::json text = {
          {"content_id", name_of(post)}, {"title", "겨울 아침의 텀블러"}, {"body", "<p>따뜻해요.</p>"}};
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

  // A worker, which the server knows by this name.
  [[nodiscard]] std::unique_ptr<Process> start(const std::string& name = "pipeline") const {
    auto environment = stand.environment;
    environment["PGAPPNAME"] = name;
    std::vector<std::string> all{
        pipeline_binary(), "package", "--from-queue", "--posts", posts().string(), "--out", out().string(),
        "--jobs",          "2",       "--lock-wait",  "60s",     "--json"};
    return std::make_unique<Process>(all, environment, stand.folder().path());
  }
  // One that is killed when it has done more than so many posts.
  void start_and_kill(int posts) const {
    const auto killed = start();
    wait_for(*killed, fmt::format("count(*) > {} FROM package_posts WHERE done", posts));
    killed->signal(SIGKILL);
    (void)killed->wait();
  }
  // To their ends, which are all good, but for posts that are rejected. Returns their summaries.
  [[nodiscard]] std::vector<nlohmann::json> work(int workers) const {
    std::vector<std::unique_ptr<Process>> processes;
    for (int i = 0; i < workers; ++i) processes.push_back(start());
    return ends_of(processes);
  }
  static std::vector<nlohmann::json> ends_of(std::vector<std::unique_ptr<Process>>& processes) {
    std::vector<nlohmann::json> summaries;
    for (auto& process : processes) {
      const Outcome outcome = process->wait();
      EXPECT_THAT(outcome.exit_code, ::testing::AnyOf(0, 3)) << outcome.err;
      summaries.push_back(nlohmann::json::parse(outcome.out));
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
    for (const auto& file : std::filesystem::directory_iterator(out()))
      if (const auto name = file.path().filename().string(); !name.starts_with('.'))  // what a killed one left
        lines.insert(name + " " + to_hex(hasher.hash(read_file(file.path()))));
    return lines;
  }
  [[nodiscard]] int count(const std::string& of) const { return std::stoi(stand.value("SELECT count(*) FROM " + of)); }
  // While it is at work.
  void wait_for(Process& worker, const std::string& condition) const {
    while (worker.running() && stand.value("SELECT " + condition) != "t")
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  // As if so much time had passed.
  void end_leases() const {
    (void)stand.query("UPDATE run_lock SET lease_until = now() - interval '1 s' WHERE name <> 'run'");
  }
  // Of one, as the lock names it.
  void end_lease_of(const std::string& holder) const {
    (void)stand.query("UPDATE run_lock SET lease_until = now() - interval '1 s' WHERE holder = '" + holder + "'");
  }
  void end_lease_of(const Process& worker) const {
    (void)stand.query(fmt::format(
        "UPDATE run_lock SET lease_until = now() - interval '1 s' WHERE holder LIKE 'pid {} on %'", worker.pid()));
  }
  [[nodiscard]] std::filesystem::path posts() const { return stand.folder() / "posts"; }
  [[nodiscard]] std::filesystem::path out() const { return stand.folder() / "packages"; }

  ServerStand stand;

 private:
  [[nodiscard]] static std::string name_of(int post) { return fmt::format("P{:02}", post); }
  void write(int post, const std::string& name, const std::string& bytes) const {
    const std::filesystem::path file = posts() / name_of(post) / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
  }
};

// Each post once.
inline void expect_shared(const std::vector<nlohmann::json>& summaries) {
  std::map<std::string, int> times;
  for (const nlohmann::json& summary : summaries)
    for (const nlohmann::json& one : summary["packages"])
      if (one["status"] == "built" || one["status"] == "rejected") ++times[one["content_id"].get<std::string>()];
  for (const auto& [post, n] : times) EXPECT_EQ(n, 1) << post;
}

// What is in one of them alone.
inline std::vector<std::string> difference(const std::set<std::string>& a, const std::set<std::string>& b) {
  std::vector<std::string> lines;
  std::ranges::set_symmetric_difference(a, b, std::back_inserter(lines));
  return lines;
}

inline std::int64_t total(const std::vector<nlohmann::json>& summaries, const char* count) {
  std::int64_t sum = 0;
  for (const nlohmann::json& summary : summaries) sum += summary["queue"][count].get<std::int64_t>();
  return sum;
}

}  // namespace pipeline::test
