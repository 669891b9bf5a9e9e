#include "fingerprint.h"

#include "support/temp_dir.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace pipeline::package {
namespace {

namespace fs = std::filesystem;

class PackageFingerprintTest : public testing::Test {
 protected:
  PackageFingerprintTest() {
    write("post.json", "{}");
    write("1.jpg", "picture");
    post_.folder = dir_.path();
    post_.inputs = {dir_ / "post.json", dir_ / "1.jpg"};
    product_.sku = "100";
    product_.content_hash = Sha256{1, 2, 3};
  }
  void write(const std::string& name, const std::string& text) const { std::ofstream(dir_ / name) << text; }
  [[nodiscard]] Fingerprint now() const { return fingerprint_of(post_, std::vector{product_}, options_); }

  test::TempDir dir_;
  Post post_;
  catalogue::Product product_;
  Options options_;
};

TEST_F(PackageFingerprintTest, IsTheSameForTheSame) {
  EXPECT_EQ(now(), now());
}

TEST_F(PackageFingerprintTest, SeesAFileThatWasWrittenAgain) {
  const auto before = now();
  write("1.jpg", "PICTURE");  // as long
  EXPECT_NE(now(), before);
}

TEST_F(PackageFingerprintTest, SeesAFileThatWasReplacedByOneOfTheSameSizeAndDate) {
  const auto before = now();
  const auto date = fs::last_write_time(dir_ / "1.jpg");
  write("new", "PICTURE");
  fs::last_write_time(dir_ / "new", date);
  fs::rename(dir_ / "new", dir_ / "1.jpg");
  ASSERT_EQ(fs::last_write_time(dir_ / "1.jpg"), date);
  EXPECT_NE(now(), before);
}

TEST_F(PackageFingerprintTest, SeesAFileMoreAndAFileLess) {
  const auto before = now();
  write("2.jpg", "picture");
  post_.inputs.push_back(dir_ / "2.jpg");
  const auto more = now();
  EXPECT_NE(more, before);
  fs::remove(dir_ / "2.jpg");
  EXPECT_NE(now(), more);
  post_.inputs.pop_back();
  EXPECT_EQ(now(), before);
}

TEST_F(PackageFingerprintTest, SeesAnotherContentOfTheProductAndAnotherProduct) {
  const auto before = now();
  product_.content_hash = Sha256{1, 2, 4};
  EXPECT_NE(now(), before);
  product_.content_hash = Sha256{1, 2, 3};
  EXPECT_EQ(now(), before);
  product_.sku = "101";
  EXPECT_NE(now(), before);
}

TEST_F(PackageFingerprintTest, SeesEveryOptionThatShapesAPackage) {
  std::vector<Options> all(8, options_);
  all[1].out = "elsewhere";
  all[2].compression = archive::Compression::best;
  all[3].keyframes = 5;
  all[4].min_images = 3;
  all[5].max_duplicate_ratio = 0.5;
  all[6].video_timeout = std::chrono::seconds(9);
  all[7].keep_gps = true;
  std::vector<Fingerprint> seen;
  for (const Options& options : all) seen.push_back(fingerprint_of(post_, std::vector{product_}, options));
  std::ranges::sort(seen, {}, &Fingerprint::bytes);
  EXPECT_EQ(std::ranges::adjacent_find(seen), seen.end());
}

TEST_F(PackageFingerprintTest, DoesNotSeeWhatOnlyMovesTheWork) {
  const auto before = now();
  options_.jobs = 7;
  options_.force = true;
  EXPECT_EQ(now(), before);
}

}  // namespace
}  // namespace pipeline::package
