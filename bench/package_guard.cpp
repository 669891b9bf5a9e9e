#include "bare_keyframes.h"
#include "bare_pictures.h"
#include "package_cases.h"
#include "package_place.h"
#include "package_samples.h"
#include "support/temp_dir.h"
#include "timing.h"

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

namespace pipeline::bench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPost = "POST001";
double build(const PackagePlace& place) {
  return place.package({"--jobs", "2", "--force"}).processor_seconds;
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
  guard(trial, {.figure = "ten pictures to bare loop",
                .bare_name = "bare loop",
                .unit = "ms",
                .per_second = 1000,
                .ours = [&] { return build(place); },
                .bare = [&] { return bare_pictures(pictures, place); }});
}

void guard_keyframes(const Trial& trial) {
  constexpr int kKeyframes = 6;  // the executable's own default
  const test::TempDir folder;
  const fs::path clip = folder / "clip.mp4";
  make_clip(clip, kSmallClip);
  const PackagePlace place;
  place.add_post(kPost, make_pictures(folder / "pool", 2, {800, 600}), {clip});
  (void)build(place);
  const auto bare = [&] { (void)run_bare_keyframes(clip, kKeyframes, Scaling::by_default); };
  guard(trial, {.figure = "a video to bare libav loop",
                .bare_name = "bare libav loop",
                .unit = "ms",
                .per_second = 1000,
                .ours = [&] { return build(place); },
                .bare = [&] { return processor_seconds_of(bare, 2); }});
}

void guard_unchanged_posts(const Trial& trial) {
  constexpr int kPosts = 30;
  const test::TempDir folder;
  const auto pictures = make_pictures(folder / "pool", 2 * kPosts, {800, 600});
  const PackagePlace place;
  for (std::size_t i = 0; i < kPosts; ++i)
    place.add_post(fmt::format("POST{:03}", i + 1), {pictures[2 * i], pictures[2 * i + 1]});
  (void)place.package();
  const auto package = [&] {
    const Run run = place.package();
    trial.add("posts unchanged", run.count("unchanged"), "", exactly(kPosts));
    return run.processor_seconds;
  };
  guard(trial, {.figure = "posts without changes to bare loop",
                .bare_name = "bare loop",
                .unit = "ms/post",
                .per_second = 1000.0 / kPosts,
                .ours = package,
                .bare = [&] { return bare_pictures(pictures, place); }});
}

}  // namespace pipeline::bench
