#include "pipeline/base/file.h"

#include "package_stand.h"
#include "support/kills.h"
#include "support/videos.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <random>
#include <thread>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

using std::chrono::steady_clock;

constexpr int kPosts = 4;
constexpr int kKills = 14;  // of each seed, unless more are asked for

void copy_folder(const fs::path& from, const fs::path& to) {
  fs::remove_all(to);
  fs::copy(from, to, fs::copy_options::recursive);
}

using Digests = std::map<std::string, std::string>;

// Posts that were built, and have changed since.
class Killed : public testing::TestWithParam<unsigned> {
 protected:
  Killed() {
    const auto clip = stand_.folder() / "clip.mp4";
    make_video(clip, {.scenes = {0, 1}, .seconds = 2});
    for (int i = 0; i < kPosts; ++i)
      posts_.push_back(stand_.post(fmt::format("P{}", i), {3 * i, 3 * i + 1, 3 * i + 2}));
    posts_[1].put("video/clip.mp4", read_file(clip));
    if (stand_.build()["built"] != kPosts) throw std::runtime_error("the posts are not built");
    old_ = digests(stand_.out());
    copy_database(stand_.db(), db_before_);
    copy_folder(stand_.out(), out_before_);
    for (auto& post : posts_) {
      post.json["title"] = "다른 제목";
      post.write();
    }
    const auto began = steady_clock::now();
    if (stand_.build()["built"] != kPosts) throw std::runtime_error("the posts are not built anew");
    whole_run_ = steady_clock::now() - began;
    new_ = digests(stand_.out());
  }

  void go_back() {
    copy_database(db_before_, stand_.db());
    copy_folder(out_before_, stand_.out());
  }

  [[nodiscard]] Process start() const {
    return stand_.start({"--jobs", "2", "--log-level", "error", stand_.posts().string()});
  }

  // Whether a package of the post is being written.
  [[nodiscard]] bool is_under_way(int post) const {
    const std::string prefix = fmt::format(".naver_P{}.zip.", post);
    std::error_code gone;  // a name may go while its folder is read
    for (fs::directory_iterator entry(stand_.out(), gone), end; !gone && entry != end; entry.increment(gone))
      if (entry->path().filename().string().starts_with(prefix)) return true;
    return false;
  }

  void expect_the_next_run_completes_it() {
    expect_whole_zips();
    const auto again = stand_.build();
    EXPECT_EQ(again["exit_code"], 0) << again;
    EXPECT_EQ(digests(stand_.out()), new_) << "not what an undisturbed run makes, or litter beside it";
    EXPECT_EQ(stand_.value("PRAGMA integrity_check"), "ok");
    EXPECT_EQ(stand_.build()["unchanged"], kPosts) << "zips and records do not agree";
  }

  // Each zip is the old one or the new one; beside them there may be what was being written.
  void expect_whole_zips() {
    int renewed = 0;
    const Digests found = digests(stand_.out());
    for (const auto& [name, digest] : old_) {
      ASSERT_TRUE(found.contains(name)) << name;
      EXPECT_TRUE(found.at(name) == digest || found.at(name) == new_.at(name)) << name << " is neither";
      const Outcome test = stand_.tool({"unzip", "-tqq", (stand_.out() / name).string()});
      EXPECT_EQ(test.exit_code, 0) << name << ": " << test.out << test.err;
      if (found.at(name) != digest) ++renewed;
    }
    if (renewed > 0 && renewed < 2 * kPosts) ++in_the_middle_;
    if (found.size() > old_.size()) ++with_litter_;
  }

  PackageStand stand_;
  std::vector<PostFiles> posts_;
  const fs::path db_before_ = stand_.folder() / "before.db";
  const fs::path out_before_ = stand_.folder() / "before";
  steady_clock::duration whole_run_{};
  Digests old_;
  Digests new_;
  int in_the_middle_ = 0;
  int with_litter_ = 0;
};

TEST_P(Killed, AtAnyMomentEveryZipIsWholeAndTheNextRunCompletesThem) {
  const unsigned seed = GetParam();
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> within(0, 1);
  // More than half are spread over the run, its start and its end included; the others come on sight of a zip that is
  // being written.
  const int kills = kill_count(kKills);
  const int moments = (kills * 4 + 6) / 7;
  for (int round = 0; round < moments && !HasFailure(); ++round) {
    const auto moment = whole_run_ * (round + within(random)) / moments;
    SCOPED_TRACE(fmt::format("seed {}, round {}, killed after {} us", seed, round,
                             std::chrono::duration_cast<std::chrono::microseconds>(moment).count()));
    go_back();
    Process run = start();
    std::this_thread::sleep_for(moment);
    run.signal(SIGKILL);
    (void)run.wait();
    expect_the_next_run_completes_it();
  }
  for (int round = 0; round < kills - moments && !HasFailure(); ++round) {
    const int post = std::uniform_int_distribution(0, kPosts - 1)(random);
    const auto later = std::chrono::microseconds(std::uniform_int_distribution(0, 10'000)(random));
    SCOPED_TRACE(fmt::format("seed {}, killed {} us after P{} was begun", seed, later.count(), post));
    go_back();
    Process run = start();
    while (run.running() && !is_under_way(post)) std::this_thread::yield();
    std::this_thread::sleep_for(later);
    run.signal(SIGKILL);
    (void)run.wait();
    expect_the_next_run_completes_it();
  }
  EXPECT_GT(in_the_middle_, 0) << "no kill came between the first zip and the last";
  EXPECT_GT(with_litter_, 0) << "no kill came into the writing of a zip";
}

INSTANTIATE_TEST_SUITE_P(Seeds, Killed, testing::ValuesIn(kill_seeds({21, 22})));

}  // namespace
}  // namespace pipeline::test
