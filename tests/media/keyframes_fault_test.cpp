#include "pipeline/base/file.h"
#include "pipeline/media/keyframes.h"

#include "video_samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>

namespace pipeline::media {
namespace {

using namespace made;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string reason(const std::filesystem::path& video) {
  const Keyframes result = extract(video);
  EXPECT_THAT(result.frames, IsEmpty()) << video;
  EXPECT_FALSE(result.timed_out);
  return result.shortfall;
}

TEST(KeyframesFaultTest, AFileThatIsNoVideoSaysWhatItIs) {
  EXPECT_EQ(reason(in_sample_folder("missing.mp4")), "can't be read: No such file or directory");
  EXPECT_EQ(reason(written("empty.mp4", "")), "is empty");
  EXPECT_EQ(reason(written("text.mp4", "#EXTM3U\n#EXTINF:10,\nother.ts\n")), "is no video: it holds text");
  EXPECT_EQ(reason(written("noise.mp4", std::string(5000, '\x9d'))),
            "is no video, or damaged: its beginning is that of no known video format");
  std::filesystem::create_directory(in_sample_folder("folder.mp4"));
  EXPECT_EQ(reason(in_sample_folder("folder.mp4")), "is no regular file");
}

// Opening a pipe nobody writes to would never return.
TEST(KeyframesFaultTest, ANamedPipeIsRefused) {
  const auto pipe = in_sample_folder("pipe.mp4");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(reason(pipe), "is no regular file");
}

// A list of other files would have them read, whoever wrote it.
TEST(KeyframesFaultTest, AListOfOtherFilesIsNotFollowed) {
  const std::string target = sample("h264.mp4").string();
  EXPECT_EQ(reason(written("list.mp4", "ffconcat version 1.0\nfile '" + target + "'\n")), "is no video: it holds text");
  EXPECT_EQ(reason(written("list.webm", "#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\n" + target + "\n")),
            "is no video: it holds text");
}

TEST(KeyframesFaultTest, WithoutAVideoStreamItSaysWhatThereIs) {
  const auto audio = in_sample_folder("audio.mp4");
  run_ffmpeg({"-f", "lavfi", "-i", "sine=duration=2", audio.string()});
  EXPECT_EQ(reason(audio), "has no video stream, only audio");

  const auto picture = in_sample_folder("cover.png");
  run_ffmpeg({"-i", sample("h264.mp4").string(), "-frames:v", "1", picture.string()});
  const auto cover = in_sample_folder("cover.mp4");
  run_ffmpeg({"-i", audio.string(), "-i", picture.string(), "-map", "0", "-map", "1", "-c", "copy", "-disposition:v",
              "attached_pic", cover.string()});
  EXPECT_EQ(reason(cover), "has no video stream, only a cover picture");
}

TEST(KeyframesFaultTest, AnEncryptedVideoSaysSo) {
  const auto encrypted = remuxed(
      "encrypted.mp4", {"-encryption_scheme", "cenc-aes-ctr", "-encryption_key", "00112233445566778899aabbccddeeff",
                        "-encryption_kid", "ffeeddccbbaa99887766554433221100"});
  EXPECT_EQ(reason(encrypted), "is encrypted");
}

TEST(KeyframesFaultTest, AnMp4WithoutItsIndexSaysSo) {
  const std::string whole = read_file(sample("h264.mp4"));
  EXPECT_EQ(reason(written("no_index.mp4", whole.substr(0, whole.size() / 2))),
            "is cut short: its index (moov) is missing");
  EXPECT_EQ(reason(written("header_only.mp4", whole.substr(0, 24))), "is cut short: its index (moov) is missing");
}

TEST(KeyframesFaultTest, ADamagedIndexSaysSo) {
  std::string bytes = read_file(remuxed("fast.mp4", {"-movflags", "faststart"}));
  const std::size_t tracks = bytes.find("trak");
  ASSERT_NE(tracks, std::string::npos);
  bytes.replace(tracks, 4, "tr\xffk");
  EXPECT_EQ(reason(written("no_track.mp4", bytes)), "has no video stream");
}

TEST(KeyframesFaultTest, OfAVideoThatIsCutShortWhatIsThereIsUsed) {
  const std::string whole = read_file(remuxed("fast.mp4", {"-movflags", "faststart"}));
  const Keyframes result = extract(written("cut.mp4", whole.substr(0, whole.size() * 2 / 3)));
  EXPECT_GE(result.frames.size(), 2U);
  EXPECT_LT(result.frames.size(), 6U);
  EXPECT_THAT(result.shortfall, ::testing::StartsWith("gave "));
}

TEST(KeyframesFaultTest, AnAbsurdSizeIsRefused) {
  std::string bytes = read_file(sample("h264.mp4"));
  const std::size_t entry = bytes.find("avc1", bytes.find("stsd"));
  ASSERT_NE(entry, std::string::npos);
  constexpr std::size_t kWidth = 4 + 24;  // of a visual sample entry, behind its type
  bytes.replace(entry + kWidth, 4, "\x7f\xff\x7f\xff");
  EXPECT_EQ(reason(written("absurd.mp4", bytes)), "is too large: 32767 x 32767 pixels, 8192 x 4320 at most");
}

// A clock that goes on by a second whenever it is looked at: as slow as a disk can be, and the same at each run.
class TickingClock final : public Clock {
 public:
  [[nodiscard]] SteadyTime now() const noexcept override { return SteadyTime(std::chrono::seconds(++looks_)); }
  [[nodiscard]] WallTime wall() const noexcept override { return {}; }
  [[nodiscard]] int looks() const noexcept { return looks_; }

 private:
  mutable std::atomic<int> looks_{0};
};

TEST(KeyframesFaultTest, WhenTheTimeIsUpWhatIsThereIsKept) {
  const auto video = sample("h264.mp4");
  KeyframeOptions options;
  options.timeout = std::chrono::hours(1'000);
  const TickingClock whole;
  ASSERT_THAT(extract_keyframes(video, options, whole, on_threads, {}).frames, SizeIs(6));
  std::size_t before = 0;
  std::size_t parts = 0;
  for (int seconds = 0; seconds < whole.looks() - 1; ++seconds) {
    options.timeout = std::chrono::seconds(seconds);
    const Keyframes result = extract_keyframes(video, options, TickingClock(), on_threads, {});
    EXPECT_EQ(result.timed_out, result.frames.size() < 6) << seconds;
    EXPECT_EQ(result.shortfall.find("keyframes: its time was up after ") != std::string::npos, result.timed_out);
    EXPECT_GE(result.frames.size(), before) << seconds;
    parts += result.frames.size() > before ? 1U : 0U;
    before = result.frames.size();
  }
  EXPECT_GE(parts, 5U);  // one frame after the other
}

// Of a picture so large that decoding it takes long on any machine, the clock is looked at meanwhile: when the time is
// up, nothing is waited for.
TEST(KeyframesFaultTest, TheTimeEndsTheDecodingOfAFrame) {
  const auto looks_at = [](const std::string& size) {
    const auto film = in_sample_folder("noise.mp4");
    run_ffmpeg({"-f", "lavfi", "-i", "testsrc2=r=1:d=1:s=" + size, "-vf", "noise=alls=60", "-pix_fmt", "yuv420p",
                "-c:v", "libx264", "-preset", "ultrafast", "-qp", "2", film.string()});
    const TickingClock clock;
    EXPECT_THAT(
        extract_keyframes(film, {.count = 1, .timeout = std::chrono::hours(1'000)}, clock, on_threads, {}).frames,
        SizeIs(1));
    return clock.looks();
  };
  EXPECT_GT(looks_at("7680x4320"), looks_at("320x240"));
}

TEST(KeyframesFaultTest, AnInterruptionEndsItAsTheTimeDoes) {
  const SystemClock clock;
  std::atomic<int> questions{0};
  const auto at_once = extract_keyframes(sample("h264.mp4"), {}, clock, on_threads, [] { return true; });
  EXPECT_THAT(at_once.frames, IsEmpty());
  EXPECT_EQ(at_once.shortfall, "gave 0 of 6 keyframes: the run was interrupted");
  EXPECT_FALSE(at_once.timed_out);
  (void)extract_keyframes(sample("h264.mp4"), {}, clock, on_threads, [&] { return ++questions < 0; });
  const int half = questions / 2;
  questions = 0;
  const auto later = extract_keyframes(sample("h264.mp4"), {}, clock, on_threads, [&] { return ++questions > half; });
  EXPECT_LT(later.frames.size(), 6U);
  EXPECT_THAT(later.shortfall, HasSubstr("the run was interrupted"));
}

TEST(KeyframesFaultTest, WhatForEachThrowsComesThrough) {
  const SystemClock clock;
  const ForEach failing = [](std::size_t, const std::function<void(std::size_t)>&) {
    throw std::runtime_error("stop");
  };
  EXPECT_THROW((void)extract_keyframes(sample("h264.mp4"), {}, clock, failing, {}), std::runtime_error);
}

TEST(KeyframesFaultTest, LibavWritesNothingToStandardError) {
  const std::string whole = read_file(sample("h264.mp4"));
  ::testing::internal::CaptureStderr();
  (void)extract(written("quiet.mp4", whole.substr(0, whole.size() / 2)));
  std::string damaged = whole;
  for (std::size_t i = 1000; i < damaged.size() - 4000; i += 50) damaged[i] = '\x55';
  (void)extract(written("quiet_damaged.mp4", damaged));
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace pipeline::media
