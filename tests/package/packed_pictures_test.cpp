#include "packed_pictures.h"

#include "pipeline/store_sqlite/database.h"

#include "support/fake_clock.h"
#include "support/pictures.h"
#include "support/temp_dir.h"

#include <gtest/gtest.h>

#include <vector>

namespace pipeline::package {
namespace {

Sha256 sha_of(std::string_view text) {
  return Sha256Hasher().hash(text);
}

// Hashes with balanced bits; kOther differs from kOne in every bit.
constexpr std::uint64_t kOne = 0x0F1E'2D3C'4B5A'6978U;
constexpr std::uint64_t kOther = ~kOne;

class PackedPicturesTest : public testing::Test {
 protected:
  void pack(const std::string& post, std::vector<store::PackedImage> images) {
    packages_.put({.content_id = post, .run_id = "run"}, images);
  }

  PackedPictures all() {
    PackedPictures pictures(
        [this](std::string_view post, const Sha256& sha256) { return packages_.look_of(post, sha256); });
    packages_.each_image(
        [&](std::string_view post, const store::PackedImage& image) { pictures.add(std::string(post), image); });
    return pictures;
  }

  test::TempDir dir_;
  test::FakeClock clock_;
  store::Store store_ = store::sqlite::file_database(dir_ / "p.db")->open(clock_);
  store::Packages& packages_ = *store_.packages;
};

TEST_F(PackedPicturesTest, FindsAnEqualPictureOfAnotherPost) {
  pack("A", {{sha_of("1"), kOne}});
  const PackedPictures packed = all();
  const auto found = packed.find({sha_of("1"), kOne}, "B");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->kind, Duplicate::Kind::equal);
  EXPECT_EQ(found->content_id, "A");
  EXPECT_EQ(found->distance, 0);
}

TEST_F(PackedPicturesTest, FindsOneThatIsNearlyEqual) {
  pack("A", {{sha_of("1"), kOne}});
  const PackedPictures packed = all();
  const auto found = packed.find({sha_of("2"), kOne ^ 1U}, "B");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->kind, Duplicate::Kind::nearly_equal);
  EXPECT_EQ(found->distance, 1);
  EXPECT_FALSE(packed.find({sha_of("2"), kOther}, "B"));
}

// The hash sees no colour; the look does, also that of a picture that was packed in another run.
TEST_F(PackedPicturesTest, ThoseThatDifferInColourAlone) {
  const auto shown = [](std::uint8_t red, std::uint8_t blue) {
    test::Pixels picture = test::filled(200, 150, 255);
    for (std::size_t y = 30; y < 120; ++y)
      for (std::size_t x = 40; x < 160; ++x) {
        picture.rgb[3 * (200 * y + x)] = red;
        picture.rgb[3 * (200 * y + x) + 1] = 60;
        picture.rgb[3 * (200 * y + x) + 2] = blue;
      }
    const std::string file = test::encode(picture);
    const media::Image image = media::examine_image(file);
    return store::PackedImage{sha_of(file), image.perceptual_hash, image.look};
  };
  pack("A", {shown(190, 60)});
  store::PackedImage same = shown(190, 60);
  same.sha256 = sha_of("encoded anew");
  EXPECT_TRUE(all().find(same, "B"));
  EXPECT_FALSE(all().find(shown(60, 190), "B"));
}

TEST_F(PackedPicturesTest, AnEqualFileIsEqualWhateverItsHash) {
  pack("A", {{sha_of("1"), kOne}});
  const auto found = all().find({sha_of("1"), kOther}, "B");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->kind, Duplicate::Kind::equal);
}

TEST_F(PackedPicturesTest, APostsOwnPicturesDoNotCount) {
  pack("A", {{sha_of("1"), kOne}});
  EXPECT_FALSE(all().find({sha_of("1"), kOne}, "A"));
}

TEST_F(PackedPicturesTest, OfSeveralItNamesTheNearest) {
  pack("A", {{sha_of("1"), kOne ^ 3U}});
  pack("B", {{sha_of("2"), kOne ^ 1U}});
  pack("C", {{sha_of("3"), kOne ^ 2U}});
  EXPECT_EQ(all().find({sha_of("x"), kOne}, "D")->content_id, "B");  // as near as C, and before it
}

TEST_F(PackedPicturesTest, APostsPicturesCanBeReplaced) {
  pack("A", {{sha_of("1"), kOne}});
  PackedPictures packed = all();
  packed.replace("A", std::vector<store::PackedImage>{{sha_of("2"), kOther}});
  EXPECT_FALSE(packed.find({sha_of("1"), kOne}, "B"));
  EXPECT_TRUE(packed.find({sha_of("2"), kOther}, "B"));
  packed.replace("A", {});
  EXPECT_FALSE(packed.find({sha_of("2"), kOther}, "B"));
}

}  // namespace
}  // namespace pipeline::package
