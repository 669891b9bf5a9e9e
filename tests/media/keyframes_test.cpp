#include "pipeline/media/keyframes.h"

#include "pipeline/media/perceptual_hash.h"

#include "video_samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace pipeline::media {
namespace {

using namespace test;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(KeyframesTest, LieEvenlyOverTheVideo) {
  VideoRecipe recipe;
  recipe.scenes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  recipe.seconds = 12;
  const Keyframes result = extract(sample("even.mp4", recipe));
  EXPECT_THAT(times_of(result), ElementsAre(1, 3, 5, 7, 9, 11));  // places at 1, 3, 5 …, a keyframe each second
  EXPECT_EQ(result.shortfall, "");
  EXPECT_FALSE(result.timed_out);
  EXPECT_EQ(result.codec, "h264");
  EXPECT_NEAR(result.duration_seconds, 12, 0.2);
}

TEST(KeyframesTest, TheNumberIsWhatWasAskedFor) {
  for (const int count : {1, 2, 5}) {
    KeyframeOptions options;
    options.count = count;
    EXPECT_THAT(extract(sample("h264.mp4"), options).frames, SizeIs(count));
  }
  KeyframeOptions none;
  none.count = 0;
  EXPECT_THAT(extract(sample("h264.mp4"), none).frames, IsEmpty());
}

TEST(KeyframesTest, ADarkIntroductionIsReplacedByWhatComesAfterIt) {
  VideoRecipe recipe;
  recipe.scenes = {kBlack, kBlack, kBlack, 3, 4, 5, 6, 7, 8, 9};
  recipe.seconds = 10;
  const Keyframes result = extract(sample("dark_intro.mp4", recipe));
  EXPECT_THAT(result.frames, SizeIs(6)) << result.shortfall;
  EXPECT_THAT(times_of(result), ::testing::Each(::testing::Ge(3)));
}

TEST(KeyframesTest, AWhiteFlashIsReplacedByANeighbour) {
  VideoRecipe recipe;
  recipe.scenes = {0, 1, 2, kWhite, 4, 5, 6, 7, 8, 9, 10, 11};
  recipe.seconds = 12;
  const Keyframes result = extract(sample("flash.mp4", recipe));
  EXPECT_THAT(result.frames, SizeIs(6)) << result.shortfall;
  EXPECT_THAT(times_of(result), ::testing::Contains(4));
  EXPECT_THAT(times_of(result), ::testing::Not(::testing::Contains(3)));
}

TEST(KeyframesTest, EqualFramesAreReplaced) {
  VideoRecipe recipe;
  recipe.scenes = {0, 1, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8};
  recipe.seconds = 12;
  const Keyframes result = extract(sample("equal.mp4", recipe));
  ASSERT_THAT(result.frames, SizeIs(6)) << result.shortfall;
  for (std::size_t a = 0; a < result.frames.size(); ++a)
    for (std::size_t b = 0; b < a; ++b)
      EXPECT_FALSE(nearly_equal(result.frames[a].perceptual_hash, result.frames[b].perceptual_hash));
}

TEST(KeyframesTest, ReplacementsStandInTheOrderOfTime) {
  VideoRecipe recipe;
  recipe.scenes = {0, 1, 2, kBlack, 4, 5, 6, kWhite, 8, 9, 10, kBlack};
  recipe.seconds = 12;
  const Keyframes result = extract(sample("holes.mp4", recipe));
  EXPECT_THAT(result.frames, SizeIs(6)) << result.shortfall;
  EXPECT_TRUE(std::ranges::is_sorted(times_of(result)));
}

TEST(KeyframesTest, WhereAllIsDarkNothingComesOut) {
  VideoRecipe recipe;
  recipe.scenes = {kBlack};
  const Keyframes result = extract(sample("dark.mp4", recipe));
  EXPECT_THAT(result.frames, IsEmpty());
  EXPECT_EQ(result.shortfall, "gave 0 of 6 keyframes: of the 6 looked at, 6 near-black");
}

TEST(KeyframesTest, WhereAllIsEqualOneComesOut) {
  VideoRecipe recipe;
  recipe.scenes = {0};
  const Keyframes result = extract(sample("still.mp4", recipe));
  EXPECT_THAT(result.frames, SizeIs(1));
  EXPECT_EQ(result.shortfall, "gave 1 of 6 keyframes: of the 6 looked at, 5 nearly equal to another");
}

TEST(KeyframesTest, OneKeyframeIsTakenOnce) {
  VideoRecipe recipe;
  recipe.group = 1000;
  const Keyframes result = extract(sample("one.mp4", recipe));
  EXPECT_THAT(times_of(result), ElementsAre(0));
  EXPECT_EQ(result.shortfall, "gave 1 of 6 keyframes: it has no more");
}

TEST(KeyframesTest, EveryFrameAKeyframeDoesNotCrowdThem) {
  VideoRecipe recipe;
  recipe.scenes = {kBlack, 1, 2, 3, 4, 5, 6, 7};
  recipe.group = 1;
  const Keyframes result = extract(sample("intra.mp4", recipe));
  EXPECT_THAT(result.frames, SizeIs(6)) << result.shortfall;
}

// The packages have to be the same on a machine with one core and on one with many.
TEST(KeyframesTest, TheNumberOfWorkersDoesNotMatter) {
  VideoRecipe recipe;
  recipe.scenes = {kBlack, 0, 1, 1, 1, 2, 3, kWhite, 4, 4, 5, kBlack};
  recipe.seconds = 12;
  const auto mp4 = sample("workers.mp4", recipe);
  for (const auto* name : {"workers.mkv", "workers.avi", "workers.mov", "workers.ts"}) (void)remuxed(name, {}, mp4);
  (void)remuxed("workers_fragments.mp4", {"-movflags", "frag_keyframe+empty_moov"}, mp4);
  for (const auto* name :
       {"workers.mp4", "workers.mkv", "workers.avi", "workers.mov", "workers.ts", "workers_fragments.mp4"}) {
    KeyframeOptions options;
    const Keyframes alone = extract(in_sample_folder(name), options);
    EXPECT_THAT(alone.frames, SizeIs(6)) << name << ' ' << alone.shortfall;
    for (const std::size_t workers : {2U, 3U, 6U, 50U}) {
      options.workers = workers;
      const Keyframes shared = extract(in_sample_folder(name), options);
      EXPECT_EQ(times_of(shared), times_of(alone)) << name << ' ' << workers;
      EXPECT_EQ(jpegs_of(shared), jpegs_of(alone)) << name << ' ' << workers;
      EXPECT_EQ(shared.shortfall, alone.shortfall);
    }
  }
}

}  // namespace
}  // namespace pipeline::media
