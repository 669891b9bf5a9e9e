#include "pipeline/base/file.h"
#include "pipeline/media/keyframes.h"

#include "field_film.h"
#include "jpeg_picture.h"
#include "video_samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace pipeline::media {
namespace {

using namespace made;
using ::testing::ElementsAre;
using ::testing::SizeIs;

struct Format {
  const char* codec;  // as libav calls it
  std::vector<std::string> encoder;
  std::vector<const char*> containers;
};

const std::vector<Format>& formats() {
  static const std::vector<Format> all{
      {"h264", {"-c:v", "libx264", "-preset", "ultrafast", "-bf", "2"}, {"mp4", "mov", "mkv", "avi"}},
      {"hevc",
       {"-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:keyint=10:pools=1"},
       {"mp4", "mov", "mkv"}},
      {"vp8", {"-c:v", "libvpx", "-deadline", "realtime", "-b:v", "500k"}, {"webm", "mkv", "avi"}},
      {"vp9", {"-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"}, {"webm", "mkv", "mp4"}},
      {"av1", {"-c:v", "libaom-av1", "-usage", "realtime", "-cpu-used", "8"}, {"webm", "mkv", "mp4"}},
      {"mpeg4", {"-c:v", "mpeg4"}, {"avi", "mp4"}},
  };
  return all;
}

TEST(KeyframesFormatTest, EveryCodecInEveryContainerGivesAllFrames) {
  for (const Format& format : formats()) {
    VideoRecipe recipe;
    recipe.codec = format.encoder;
    const std::string codec = format.codec;
    const auto first = sample(codec + "." + format.containers.front(), recipe);
    for (const std::string container : format.containers) {
      const Keyframes result = extract(remuxed(codec + "." + container, {}, first));
      EXPECT_THAT(times_of(result), ElementsAre(0, 1, 2, 3, 4, 5))
          << codec << ' ' << container << ' ' << result.shortfall;
      EXPECT_EQ(result.codec, codec);
      EXPECT_NEAR(result.duration_seconds, 6, 0.25) << codec << ' ' << container;
    }
  }
}

void expect_all_frames(const std::filesystem::path& video) {
  const Keyframes result = extract(video);
  EXPECT_THAT(times_of(result), ElementsAre(0, 1, 2, 3, 4, 5)) << video << ' ' << result.shortfall;
}

TEST(KeyframesFormatTest, AFileWithoutDurationOrIndexIsReadOnce) {
  for (const std::string name : {"streamed.mkv", "streamed.webm"}) {
    // As written to a pipe: the writer can't come back for duration and cues.
    const auto source = name.ends_with("webm")
                            ? sample("for_stream.webm",
                                     [] {
                                       VideoRecipe recipe;
                                       recipe.codec = {"-c:v", "libvpx", "-deadline", "realtime", "-b:v", "500k"};
                                       return recipe;
                                     }())
                            : sample("h264.mp4");
    const auto streamed = remuxed(name, {"-live", "1", "-f", name.ends_with("webm") ? "webm" : "matroska"}, source);
    expect_all_frames(streamed);
    EXPECT_NEAR(extract(streamed).duration_seconds, 6, 0.25) << name;
  }
}

TEST(KeyframesFormatTest, FragmentsAreFoundWithAndWithoutTheirIndex) {
  expect_all_frames(remuxed("fragments.mp4", {"-movflags", "frag_keyframe+empty_moov"}));
  expect_all_frames(
      remuxed("fragments_dash.mp4", {"-movflags", "frag_keyframe+empty_moov+default_base_moof+global_sidx"}));
  expect_all_frames(remuxed("fragments_behind.mp4", {"-movflags", "frag_keyframe"}));
}

TEST(KeyframesFormatTest, TheContentDecidesNotTheName) {
  expect_all_frames(remuxed("stream.mp4", {"-f", "mpegts"}));
  expect_all_frames(remuxed("matroska.mp4", {"-f", "matroska"}));
  expect_all_frames(remuxed("mp4.webm", {"-f", "mp4"}));
}

TEST(KeyframesFormatTest, AStartThatIsNotZeroDoesNotShiftThePlaces) {
  const std::string source = sample("h264.mp4").string();
  for (const auto* name : {"offset.mp4", "offset.mkv", "offset.ts"}) {
    const auto offset = in_sample_folder(name);
    run_ffmpeg({"-itsoffset", "30", "-i", source, "-c", "copy", "-copyts", offset.string()});
    expect_all_frames(offset);
  }
}

// Trimmed on a phone: the edit list begins inside a group of pictures, and hides what lies before.
TEST(KeyframesFormatTest, WhatAnEditListHidesIsNotShown) {
  VideoRecipe recipe;
  recipe.scenes = {0, 1};
  recipe.seconds = 4;
  recipe.group = 1000;
  const auto trimmed = in_sample_folder("trimmed.mp4");
  run_ffmpeg({"-ss", "3", "-i", sample("two_scenes.mp4", recipe).string(), "-c", "copy", trimmed.string()});
  recipe.scenes = {1};
  const Keyframes second_scene = extract(sample("second_scene.mp4", recipe));
  const Keyframes result = extract(trimmed);
  ASSERT_THAT(result.frames, SizeIs(1)) << result.shortfall;
  EXPECT_EQ(result.frames[0].perceptual_hash, second_scene.frames.at(0).perceptual_hash);
  EXPECT_DOUBLE_EQ(result.frames[0].at_seconds, 0);
}

TEST(KeyframesFormatTest, TheLargestOfSeveralVideosIsTaken) {
  VideoRecipe small;
  small.width = 160;
  small.height = 120;
  const auto both = in_sample_folder("both.mkv");
  run_ffmpeg({"-i", sample("small.mp4", small).string(), "-i", sample("h264.mp4").string(), "-map", "0", "-map", "1",
              "-c", "copy", both.string()});
  const Keyframes result = extract(both);
  ASSERT_THAT(result.frames, SizeIs(6));
  EXPECT_EQ(result.frames[0].width, 320);
}

TEST(KeyframesFormatTest, SoundBesidesTheVideoDoesNotMatter) {
  const auto with_sound = in_sample_folder("with_sound.mp4");
  run_ffmpeg({"-i", sample("h264.mp4").string(), "-f", "lavfi", "-i", "sine=duration=6", "-map", "1", "-map", "0",
              "-c:v", "copy", with_sound.string()});
  expect_all_frames(with_sound);
}

// A frame is two packets, of which a seek finds either.
TEST(KeyframesFormatTest, AFilmCodedInFieldsGivesItsFrames) {
  const auto stream = written("fields.h264", field_coded_h264(50));
  const auto film = in_sample_folder("fields.mts");
  run_ffmpeg({"-framerate", "25", "-i", stream.string(), "-c", "copy", film.string()});
  const Keyframes result = extract(film, {.count = 1});
  EXPECT_EQ(result.shortfall, "");
  ASSERT_EQ(result.frames.size(), 1U);
  const JpegPicture picture(result.frames.front().jpeg);
  EXPECT_EQ(picture.height(), 128);
  const int left = picture.at(0.05, 0.5).green;
  const int right = picture.at(0.95, 0.5).green;
  EXPECT_GT(right, left + 100);
}

}  // namespace
}  // namespace pipeline::media
