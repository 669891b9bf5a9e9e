#include "engines.h"

#include <map>

namespace pipeline::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

class PackagesConformance : public ConformanceTest {
 protected:
  static PackageRecord record(const std::string& content_id, std::uint64_t bytes = 10) {
    return {.content_id = content_id,
            .fingerprint = fingerprint_of("inputs of " + content_id),
            .naver_bytes = bytes,
            .unique_bytes = 20,
            .images = 3,
            .keyframes = 4,
            .run_id = "run",
            .built_at = WallTime(std::chrono::milliseconds(5))};
  }
  static PackedImage image(std::string_view content, std::uint64_t hash) { return {hash_of(content), hash}; }
  [[nodiscard]] Packages& packages() const { return *store_.packages; }
  // The perceptual hashes of each post.
  std::multimap<std::string, std::uint64_t> hashes() {
    std::multimap<std::string, std::uint64_t> all;
    packages().each_image([&](std::string_view post, const PackedImage& i) { all.emplace(post, i.perceptual_hash); });
    return all;
  }
};
HOLD_EVERY_ENGINE(PackagesConformance);

TEST_P(PackagesConformance, APackageIsFoundAgain) {
  EXPECT_FALSE(packages().find("A"));
  packages().put(record("A"), {});
  const auto found = packages().find("A");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->content_id, "A");
  EXPECT_EQ(found->fingerprint, fingerprint_of("inputs of A"));
  EXPECT_EQ(found->naver_bytes, 10U);
  EXPECT_EQ(found->unique_bytes, 20U);
  EXPECT_EQ(found->images, 3);
  EXPECT_EQ(found->keyframes, 4);
  EXPECT_EQ(found->run_id, "run");
  EXPECT_EQ(found->built_at, WallTime(std::chrono::milliseconds(5)));
  EXPECT_THAT(hashes(), IsEmpty());
}

TEST_P(PackagesConformance, EveryBitOfAHashIsKept) {
  const auto hash = 0xF000'0000'0000'0001U;
  packages().put(record("A"), std::vector{image("1", hash)});
  EXPECT_THAT(hashes(), ElementsAre(Pair("A", hash)));
  packages().each_image([](std::string_view, const PackedImage& i) { EXPECT_EQ(i.sha256, hash_of("1")); });
}

TEST_P(PackagesConformance, ANewBuildTakesThePlaceOfTheOldOne) {
  packages().put(record("A"), std::vector{image("1", 1), image("2", 2)});
  packages().put(record("B"), std::vector{image("1", 1)});
  packages().put(record("A", 99), std::vector{image("3", 3)});
  EXPECT_EQ(packages().find("A")->naver_bytes, 99U);
  EXPECT_THAT(hashes(), ElementsAre(Pair("A", 3), Pair("B", 1)));
}

TEST_P(PackagesConformance, RemovingLeavesTheOthers) {
  packages().put(record("A"), std::vector{image("1", 1)});
  packages().put(record("B"), std::vector{image("2", 2)});
  packages().remove("A");
  packages().remove("never there");
  EXPECT_FALSE(packages().find("A"));
  EXPECT_THAT(hashes(), ElementsAre(Pair("B", 2)));
}

TEST_P(PackagesConformance, APackageAndItsPicturesComeTogetherOrNotAtAll) {
  packages().put(record("A"), std::vector{image("1", 1)});
  const std::vector twice{image("2", 2), image("2", 2)};
  EXPECT_NE(message_of([&] { packages().put(record("A", 99), twice); }), "");
  EXPECT_EQ(packages().find("A")->naver_bytes, 10U);
  EXPECT_THAT(hashes(), ElementsAre(Pair("A", 1)));
}

}  // namespace
}  // namespace pipeline::store
