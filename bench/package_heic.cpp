#include "pipeline/metrics/quantile.h"

#include "bare_pictures.h"
#include "package_cases.h"
#include "package_place.h"
#include "package_samples.h"
#include "support/temp_dir.h"
#include "timing.h"

#include <algorithm>
#include <vector>

namespace pipeline::bench {

void package_heic(const Trial& trial) {
  constexpr int kPictures = 10;
  constexpr int kRounds = 7;
  const test::TempDir folder;
  const auto heics = make_heics(folder / "pool", kPictures, k12Megapixels);
  const PackagePlace place;
  place.add_post("POST001", heics);
  const BareStore store{{place / "bare.zip"}, true};
  std::vector<double> builds;
  for (int round = 0; round < kRounds * trial.rounds; ++round) {
    Run ours;
    double bare = 0;
    double bare_processor = 0;
    in_turns(round, {[&] {
                       ours = place.package({"--jobs", "2", "--force"});
                     },
                     [&] { bare_processor = processor_seconds_of([&] { bare = run_bare_heics(heics, store); }); }});
    const double seconds = ours.build_seconds();
    builds.push_back(seconds);
    trial.add("pipeline, the post", seconds, "s");
    trial.add("pipeline, processor time of the process", ours.processor_seconds, "s");
    trial.add("pipeline, peak memory", ours.peak_megabytes, "MB");
    trial.add("bare loop", bare, "s");
    trial.add("bare loop, processor time", bare_processor, "s");
    trial.add("pipeline to bare loop", seconds / bare, "", at_most(1.2));
    trial.add("processor time to that of the bare loop", ours.processor_seconds / bare_processor, "", at_most(1.2));
  }
  std::ranges::sort(builds);
  trial.add("pipeline, the post, p95", metrics::nearest_rank(builds, 0.95), "s", at_most(3));
}

}  // namespace pipeline::bench
