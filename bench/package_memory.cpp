#include "package_cases.h"
#include "package_place.h"
#include "package_samples.h"
#include "support/temp_dir.h"

#include <fmt/format.h>

#include <string>

namespace pipeline::bench {

void package_memory(const Trial& trial) {
  const test::TempDir folder;
  const auto clip = folder / "4k.mp4";
  make_clip(clip, {.size = {3840, 2160}, .seconds = 12, .rate = 10, .group = 20, .scenes = 6});
  const PackagePlace place;
  place.add_post("POST001", make_pictures(folder / "pool", 30, k48Megapixels), {clip});
  for (int round = 0; round < trial.rounds; ++round) {
    for (const std::string jobs : {"1", "2"}) {
      const Run run = place.package({"--jobs", jobs, "--force"});
      // At least what this process has, from which the child began.
      trial.add(fmt::format("peak memory, --jobs {}", jobs), run.peak_megabytes, "MB",
                jobs == "1" ? at_most(300) : Bound{});
      trial.add(fmt::format("the post, --jobs {}", jobs), run.build_seconds(), "s");
    }
  }
}

}  // namespace pipeline::bench
