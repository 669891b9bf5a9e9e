#include "pipeline/metrics/quantile.h"

#include "bare_pictures.h"
#include "package_cases.h"
#include "package_place.h"
#include "package_samples.h"
#include "support/temp_dir.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace pipeline::bench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPicturePost = "POST001";

// Runs are short, and tails are asked for.
int rounds_of(const Trial& trial) {
  return (trial.smoke ? 5 : 7) * trial.rounds;
}

double p95(std::vector<double> values) {
  std::ranges::sort(values);
  return metrics::nearest_rank(values, 0.95);
}

Run build_pictures(const PackagePlace& place) {
  return place.package({"--jobs", "2", "--force"});
}

// One post against the bare loops, in turns. Bounds are on the loop that writes and syncs one archive.
void compare_with_bare_loops(const Trial& trial, const std::vector<fs::path>& pictures) {
  const PackagePlace place;
  place.add_post(kPicturePost, pictures);
  const auto label = [&](std::string_view what) { return fmt::format("{}: {}", pictures.size(), what); };
  const BareStore synced{{place / "bare.zip"}, true};
  const BareStore unsynced{{place / "bare.zip"}, false};
  const BareStore twice{{place / "bare.zip", place / "bare2.zip"}, true};
  (void)build_pictures(place);
  std::vector<double> builds;
  for (int round = 0; round < rounds_of(trial); ++round) {
    Run ours;
    double bare_synced = 0;
    double bare_unsynced = 0;
    double bare_twice = 0;
    in_turns(round, {[&] { ours = build_pictures(place); }, [&] { bare_synced = run_bare_pictures(pictures, synced); },
                     [&] { bare_unsynced = run_bare_pictures(pictures, unsynced); },
                     [&] { bare_twice = run_bare_pictures(pictures, twice); }});
    const double seconds = ours.build_seconds();
    builds.push_back(seconds);
    trial.add(label("pipeline, the post"), seconds, "s");
    trial.add(label("pipeline, whole process"), ours.seconds, "s");
    trial.add(label("bare loop"), bare_synced, "s");
    trial.add(label("bare loop, not synced"), bare_unsynced, "s");
    trial.add(label("bare loop, two archives"), bare_twice, "s");
    trial.add(label("pipeline to bare loop"), seconds / bare_synced, "", at_most(trial.smoke ? 2 : 1.3));
    trial.add(label("to bare loop, not synced"), seconds / bare_unsynced, "");
    trial.add(label("to bare loop, two archives"), seconds / bare_twice, "");
  }
  const Bound bound = pictures.size() == 10 && !trial.smoke ? at_most(0.5) : Bound{};
  trial.add(label("pipeline, the post, p95"), p95(builds), "s", bound);
}

}  // namespace

void package_pictures(const Trial& trial) {
  const test::TempDir folder;
  const auto pool = make_pictures(folder / "pool", trial.smoke ? 10 : 30, trial.smoke ? k3Megapixels : k12Megapixels);
  for (const std::size_t count : {3U, 10U, 30U})
    if (count <= pool.size())
      compare_with_bare_loops(trial, {pool.begin(), pool.begin() + static_cast<std::ptrdiff_t>(count)});
}

void package_mixed(const Trial& trial) {
  const test::TempDir folder;
  const fs::path clip = folder / "clip.mp4";
  make_clip(clip, trial.smoke ? kSmallClip : Clip{});
  const PackagePlace place;
  place.add_post(kPicturePost, make_pictures(folder / "pool", 10, trial.smoke ? k3Megapixels : k12Megapixels), {clip});
  (void)build_pictures(place);
  std::vector<double> builds;
  for (int round = 0; round < rounds_of(trial); ++round) {
    const Run run = build_pictures(place);
    builds.push_back(run.build_seconds());
    trial.add("the post", run.build_seconds(), "s");
    trial.add("whole process", run.seconds, "s");
    trial.add("its video", run.metric("keyframe_extract_seconds"), "s");
  }
  trial.add("the post, p95", p95(builds), "s", at_most(trial.smoke ? 4 : 1.2));
  if (trial.smoke) return;  // its decoding of every frame takes seconds
  for (int round = 0; round < trial.rounds; ++round) {
    double ours = 0;
    double predecessor = 0;
    in_turns(round, {[&] { ours = build_pictures(place).build_seconds(); },
                     [&] { predecessor = run_package_predecessor(place, kPicturePost); }});
    trial.add("predecessor", predecessor, "s");
    trial.add("predecessor to pipeline", predecessor / ours, "times");
  }
}

}  // namespace pipeline::bench
