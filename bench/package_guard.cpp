#include "bare_keyframes.h"
#include "bare_pictures.h"
#include "package_cases.h"
#include "package_place.h"
#include "package_samples.h"
#include "processor_time.h"
#include "support/temp_dir.h"

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

namespace pipeline::bench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPost = "POST001";
constexpr int kRounds = 7;

PackageRun build(const PackagePlace& place) {
  return place.package({"--jobs", "2", "--force"});
}

double bare_pictures(const std::vector<fs::path>& pictures, const PackagePlace& place) {
  return processor_seconds_of([&] { (void)run_bare_pictures(pictures, {{place / "bare.zip"}, false}); });
}

}  // namespace

void guard_pictures(const Trial& trial) {
  const test::TempDir folder;
  const auto pictures = make_pictures(folder / "pool", 10, k3Megapixels);
  const PackagePlace place;
  place.add_post(kPost, pictures);
  (void)build(place);
  in_rounds(kRounds * trial.rounds, [&](int round) {
    double ours = 0;
    double bare = 0;
    in_turns(round, {[&] { ours = build(place).processor_seconds; }, [&] { bare = bare_pictures(pictures, place); }});
    trial.add("pipeline", 1000 * ours, "ms");
    trial.add("bare loop", 1000 * bare, "ms");
    trial.add("ten pictures to bare loop", ours / bare, "", near_baseline());
  });
}

void guard_keyframes(const Trial& trial) {
  constexpr int kKeyframes = 6;  // the executable's own default
  const test::TempDir folder;
  const fs::path clip = folder / "clip.mp4";
  make_clip(clip, kSmallClip);
  const PackagePlace place;
  place.add_post(kPost, make_pictures(folder / "pool", 2, {800, 600}), {clip});
  (void)build(place);
  in_rounds(kRounds * trial.rounds, [&](int round) {
    double ours = 0;
    double bare = 0;
    in_turns(round, {[&] { ours = build(place).processor_seconds; },
                     [&] {
                       bare = processor_seconds_of([&] {
                                for (int i = 0; i < 2; ++i)
                                  (void)run_bare_keyframes(clip, kKeyframes, Scaling::by_default);
                              }) /
                              2;
                     }});
    trial.add("pipeline", 1000 * ours, "ms");
    trial.add("bare libav loop", 1000 * bare, "ms");
    trial.add("a video to bare libav loop", ours / bare, "", near_baseline());
  });
}

void guard_unchanged_posts(const Trial& trial) {
  constexpr int kPosts = 30;
  const test::TempDir folder;
  const auto pictures = make_pictures(folder / "pool", 2 * kPosts, {800, 600});
  const PackagePlace place;
  for (std::size_t i = 0; i < kPosts; ++i)
    place.add_post(fmt::format("POST{:03}", i + 1), {pictures[2 * i], pictures[2 * i + 1]});
  (void)place.package();
  in_rounds(kRounds * trial.rounds, [&](int round) {
    double ours = 0;
    double bare = 0;
    in_turns(round, {[&] {
                       const PackageRun run = place.package();
                       ours = run.processor_seconds;
                       trial.add("posts unchanged", static_cast<double>(run.count("unchanged")), "", exactly(kPosts));
                     },
                     [&] { bare = bare_pictures(pictures, place); }});
    trial.add("pipeline", 1000 * ours / kPosts, "ms/post");
    trial.add("bare loop", 1000 * bare / kPosts, "ms/post");
    trial.add("posts without changes to bare loop", ours / bare, "", near_baseline());
  });
}

}  // namespace pipeline::bench
