#include "package_cases.h"
#include "package_place.h"
#include "package_samples.h"
#include "product_rows.h"
#include "support/temp_dir.h"

#include <fmt/format.h>

#include <filesystem>
#include <vector>

namespace pipeline::bench {
namespace {

namespace fs = std::filesystem;

// Posts of a product and two small pictures each, built once.
class BuiltPosts {
 public:
  explicit BuiltPosts(int count) : place_(test::pipeline_binary(), count) {
    constexpr int kPictures = 2;
    constexpr PixelSize kSmall{160, 120};
    const auto pictures = make_pictures(pool_.path(), kPictures * count, kSmall);
    for (int i = 0; i < count; ++i) {
      const auto first = pictures.begin() + kPictures * i;
      place_.add_post(fmt::format("POST{:05}", i + 1), {first, first + kPictures}, {}, i);
    }
    (void)place_.package_queue();
  }

  // So many products changed since the last run.
  [[nodiscard]] Run night(int changed, int version) const {
    if (changed > 0) place_.change(in_order(changed), version);
    return place_.package_queue();
  }

 private:
  const test::TempDir pool_;  // of links to it, which would be others without it
  const PackagePlace place_;
};

}  // namespace

void package_night(const Trial& trial) {
  constexpr int kPosts = 10'000;
  constexpr int kFew = 1'000;
  constexpr int kChanged = 20;
  const BuiltPosts few(kFew);
  const BuiltPosts posts(kPosts);
  for (int round = 0; round < trial.rounds; ++round) {
    const Run none = posts.night(0, 0);
    const Run some = posts.night(kChanged, round + 1);
    trial.add("posts told of, 20 changed", some.count("posts"), "", exactly(kChanged));
    trial.add("none changed", none.seconds, "s", at_most(2));
    trial.add("none changed, processor time", none.processor_seconds, "s");
    trial.add("20 changed", some.seconds, "s");
    trial.add("20 changed, processor time", some.processor_seconds, "s");
    const double fewer = few.night(0, 0).peak_megabytes;
    trial.add("peak memory, 1,000 posts", fewer, "MB");
    trial.add("peak memory, 10,000 posts", none.peak_megabytes, "MB", at_most(fewer + 20));
  }
}

}  // namespace pipeline::bench
