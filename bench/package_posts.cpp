#include "bare_pictures.h"
#include "package_cases.h"
#include "package_place.h"
#include "package_samples.h"
#include "support/temp_dir.h"

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::bench {
namespace {

namespace fs = std::filesystem;

// Posts of four pictures each, no two alike, with a short video of their own if asked for.
class ManyPosts {
 public:
  enum class Videos { none, one_each };

  ManyPosts(int count, PixelSize size, Videos videos)
      : count_(count), pictures_(make_pictures(folder_ / "pool", kPictures * count, size)) {
    if (videos == Videos::one_each) make_clips();
    for (int i = 0; i < count_; ++i) {
      const auto first = pictures_.begin() + kPictures * i;
      place_.add_post(fmt::format("POST{:03}", i + 1), {first, first + kPictures},
                      videos == Videos::none ? std::vector<fs::path>{} : std::vector{clip(i)});
    }
  }

  Run package(const Trial& trial, const char* status, const std::vector<std::string>& arguments) const {
    Run run = place_.package(arguments);
    trial.add(fmt::format("posts {} of {}", status, count_), run.count(status), "", exactly(count_));
    return run;
  }

  // What the machine's cores are worth for this kind of work: the bare loop, by two threads to one.
  [[nodiscard]] double bare_gain() const {
    const BareStore store{{folder_ / "bare.zip"}, false};
    const double one = run_bare_pictures(pictures_, store, 1);
    return one / run_bare_pictures(pictures_, store, 2);
  }

  [[nodiscard]] double per_second(const Run& run) const { return count_ / run.seconds; }
  [[nodiscard]] double ms_each(const Run& run) const { return 1000 * run.seconds / count_; }

 private:
  static constexpr int kPictures = 4;
  static constexpr int kScenes = 2;  // a second each

  [[nodiscard]] fs::path clip(int post) const { return folder_ / fmt::format("{:03}.mp4", post + 1); }

  void make_clips() const {
    for (int i = 0; i < count_; ++i)
      make_clip(clip(i), {.size = {1280, 720},
                          .seconds = kScenes,
                          .rate = 10,
                          .group = 10,
                          .scenes = kScenes,
                          .first_scene = kScenes * i});
  }

  test::TempDir folder_;
  const int count_;
  const std::vector<fs::path> pictures_;
  PackagePlace place_;
};

ManyPosts posts_without_video(const Trial& trial) {
  constexpr PixelSize kSmall{800, 600};
  return {trial.smoke ? 20 : 100, trial.smoke ? kSmall : k3Megapixels, ManyPosts::Videos::none};
}

void compare_jobs(const Trial& trial, const ManyPosts& posts, std::string_view what) {
  const auto pace = [&](const char* jobs) {
    return posts.per_second(posts.package(trial, "built", {"--force", "--jobs", jobs}));
  };
  for (int round = 0; round < 2 * trial.rounds; ++round) {
    double one = 0;
    double two = 0;
    double bare = 0;
    in_turns(round, {[&] { one = pace("1"); }, [&] { two = pace("2"); }, [&] { bare = posts.bare_gain(); }});
    trial.add(fmt::format("{}: one job", what), one, "posts/s");
    trial.add(fmt::format("{}: two jobs", what), two, "posts/s");
    trial.add(fmt::format("{}: two jobs to one", what), two / one, "times", at_least(trial.smoke ? 1.1 : 1.7));
    trial.add(fmt::format("{}: bare loop, two to one", what), bare, "times");
  }
}

}  // namespace

void package_unchanged(const Trial& trial) {
  const ManyPosts posts = posts_without_video(trial);
  const Run built = posts.package(trial, "built", {});
  trial.add("first build, a post", posts.ms_each(built), "ms");
  for (int round = 0; round < 7 * trial.rounds; ++round) {
    const Run run = posts.package(trial, "unchanged", {});
    trial.add("a post", posts.ms_each(run), "ms", at_most(10));
    trial.add("whole process", run.seconds, "s");
    trial.add("a post's check", 1000 * run.metric("package_check_seconds", "p50"), "ms");
  }
}

void package_jobs(const Trial& trial) {
  compare_jobs(trial, posts_without_video(trial), "pictures");
  if (!trial.smoke) compare_jobs(trial, ManyPosts(40, k3Megapixels, ManyPosts::Videos::one_each), "with videos");
}

}  // namespace pipeline::bench
