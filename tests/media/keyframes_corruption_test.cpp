#include "pipeline/base/file.h"
#include "pipeline/media/keyframes.h"

#include "jpeg_picture.h"
#include "video_samples.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace pipeline::media {
namespace {

using namespace made;

constexpr int kDamagedCopies = 45;  // of each container: with eleven of them 495 in all

// Flips some bytes, cuts the file short, or leaves a hole of zeros.
std::string damaged(std::string bytes, std::mt19937& random) {
  const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
  switch (below(4)) {
    case 0:
      bytes.resize(below(bytes.size()));
      break;
    case 1: {
      const std::size_t at = below(bytes.size());
      const std::size_t n = std::min(bytes.size() - at, 1 + below(2000));
      bytes.replace(at, n, n, '\0');
      break;
    }
    case 2:  // the beginning, where the structure stands
      for (std::size_t n = 1 + below(20); n > 0; --n)
        bytes[below(std::min<std::size_t>(bytes.size(), 1500))] ^= static_cast<char>(1U << below(8));
      break;
    default:
      for (std::size_t n = 1 + below(200); n > 0; --n) bytes[below(bytes.size())] = static_cast<char>(below(256));
  }
  return bytes;
}

void expect_frames_or_a_reason(const std::filesystem::path& video, const std::string& which) {
  const Keyframes result = extract(video);
  EXPECT_EQ(result.shortfall.empty(), result.frames.size() == 6) << which;
  for (const Keyframe& frame : result.frames) {
    const JpegPicture picture(frame.jpeg);
    EXPECT_EQ(picture.width(), frame.width) << which;
    EXPECT_EQ(picture.height(), frame.height) << which;
    EXPECT_LE(std::max(frame.width, frame.height), 1280) << which;
  }
}

void damage(const std::filesystem::path& video) {
  const std::string whole = read_file(video);
  std::mt19937 random(static_cast<std::uint32_t>(whole.size()));
  for (int i = 0; i < kDamagedCopies; ++i)
    expect_frames_or_a_reason(written("damaged" + video.extension().string(), damaged(whole, random)),
                              video.filename().string() + " " + std::to_string(i));
}

VideoRecipe coded(std::vector<std::string> codec) {
  VideoRecipe recipe;
  recipe.codec = std::move(codec);
  return recipe;
}

TEST(KeyframesCorruptionTest, DamagedH264EndsInFramesOrAReason) {
  damage(sample("h264.mp4"));
  damage(remuxed("h264_index_first.mp4", {"-movflags", "faststart"}));
  damage(remuxed("h264_fragments.mp4", {"-movflags", "frag_keyframe+empty_moov"}));
  damage(remuxed("h264.mov"));
  damage(remuxed("h264.mkv"));
  damage(remuxed("h264.avi"));
  damage(remuxed("h264.ts"));
}

TEST(KeyframesCorruptionTest, DamagedVideosOfOtherCodecsEndInFramesOrAReason) {
  damage(sample("vp8.webm", coded({"-c:v", "libvpx", "-deadline", "realtime", "-b:v", "500k"})));
  damage(sample("vp9.webm", coded({"-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"})));
  damage(sample("av1.webm", coded({"-c:v", "libaom-av1", "-usage", "realtime", "-cpu-used", "8"})));
  damage(sample("hevc.mov", coded({"-c:v", "libx265", "-preset", "ultrafast", "-x265-params",
                                   "log-level=none:keyint=10:pools=1"})));
}

}  // namespace
}  // namespace pipeline::media
