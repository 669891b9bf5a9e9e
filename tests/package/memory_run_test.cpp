#include "package_stand.h"
#include "support/pictures.h"
#include "support/videos.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr long kMostKilobytes = 1'500'000;  // with what a sanitizer keeps
#else
constexpr long kMostKilobytes = 300'000;
#endif

// The picture is made once, and linked: a link costs neither the test its time nor the program less memory.
TEST(MemoryRun, ThirtyPicturesOf48MegapixelsAndA4kVideoStayBelowTheBound) {
  constexpr int kPictures = 30;
  PackageStand stand;
  const auto post = stand.post("A", {});
  post.put("images/01.jpg", photo({.seed = 1}, 8000, 6000));
  for (int i = 2; i <= kPictures; ++i)
    fs::create_hard_link(post / "images/01.jpg", post / fmt::format("images/{:02}.jpg", i));
  fs::create_directory(post / "video");
  make_video(post / "video/4k.mp4", {.scenes = {0, 1, 2}, .seconds = 3, .width = 3840, .height = 2160});

  const Outcome outcome =
      stand.run({"--jobs", "1", "--min-images", "1", "--max-duplicate-ratio", "1", post.folder().string()});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto summary = summary_of(outcome);
  EXPECT_EQ(post_in(summary, "A")["images"], 1);
  EXPECT_EQ(post_in(summary, "A")["keyframes"], 3);
  EXPECT_EQ(metric(summary, "image_hash_seconds").count, kPictures);
  // Begins with what this process had when it was started, so the program's own is no more than this.
  EXPECT_LT(outcome.peak_kilobytes, kMostKilobytes);
  RecordProperty("peak_kilobytes", std::to_string(outcome.peak_kilobytes));
}

}  // namespace
}  // namespace pipeline::test
