#include "pipeline/base/file.h"

#include "package_stand.h"
#include "support/videos.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

// A post whose pictures suffice, whatever its videos are like.
class VideoRun : public testing::Test {
 protected:
  VideoRun() { fs::create_directory(post_ / "video"); }

  nlohmann::json build(const std::vector<std::string>& options = {}) {
    auto summary = stand_.build(options);
    EXPECT_EQ(summary["exit_code"], 0) << summary;
    return summary;
  }
  nlohmann::json videos() { return report()["videos"]; }
  nlohmann::json report() { return json_file(stand_.unpack(stand_.unique("A")) / "uniqueness_report.json"); }
  std::vector<std::string> packed() { return names_in(stand_.unpack(stand_.unique("A"))); }

  // The video gives nothing, which the run says and the report keeps.
  void expect_reason(const std::string& why) {
    const auto summary = build();
    EXPECT_EQ(post_in(summary, "A")["keyframes"], 0);
    EXPECT_THAT(notes_of(summary, "A"), ElementsAre(AllOf(HasSubstr("video/clip.mp4 "), HasSubstr(why))));
    ASSERT_THAT(videos(), SizeIs(1));
    EXPECT_EQ(videos()[0]["source"], "video/clip.mp4");
    EXPECT_THAT(videos()[0]["shortfall"].get<std::string>(), HasSubstr(why));
    EXPECT_EQ(videos()[0]["keyframes"], 0);
    EXPECT_EQ(videos()[0]["timed_out"], false);
  }

  PackageStand stand_;
  PostFiles post_ = stand_.post("A", {1, 2});
};

TEST_F(VideoRun, OneThatIsNoneIsNamed) {
  post_.put("video/clip.mp4", "this is a text, and no video");
  expect_reason("is no video");
}

TEST_F(VideoRun, AnEmptyOne) {
  post_.put("video/clip.mp4", "");
  expect_reason("is empty");
}

TEST_F(VideoRun, OneWithSoundAlone) {
  run_ffmpeg({"-f", "lavfi", "-i", "sine=duration=2", (post_ / "video/clip.mp4").string()});
  expect_reason("only audio");
}

TEST_F(VideoRun, OneThatIsCutShortGivesWhatIsThereOrAReason) {
  make_video(post_ / "video/clip.mkv", {});
  fs::resize_file(post_ / "video/clip.mkv", fs::file_size(post_ / "video/clip.mkv") / 2);
  const auto summary = build();
  const int keyframes = post_in(summary, "A")["keyframes"];
  EXPECT_LT(keyframes, 6);
  EXPECT_THAT(notes_of(summary, "A"), ElementsAre(HasSubstr("video/clip.mkv")));
  EXPECT_THAT(packed(), SizeIs(5 + keyframes));
}

TEST_F(VideoRun, AsManyKeyframesAsAskedFor) {
  make_video(post_ / "video/clip.mp4", {});
  EXPECT_EQ(post_in(build({"--keyframes", "3"}), "A")["keyframes"], 3);
  EXPECT_THAT(packed(), AllOf(Contains("keyframes/03.jpg"), Not(Contains("keyframes/04.jpg"))));

  const auto none = build({"--keyframes", "0"});
  EXPECT_EQ(metric(none, "keyframe_extract_seconds").count, 0) << "it is not even opened";
  EXPECT_THAT(notes_of(none, "A"), IsEmpty());
  EXPECT_THAT(packed(), Not(Contains(HasSubstr("keyframes/"))));
}

TEST_F(VideoRun, TwoVideosAreNumberedOn) {
  make_video(post_ / "video/2.mp4", {.scenes = {0, 1}, .seconds = 2});
  make_video(post_ / "video/10.webm",
             {.scenes = {2, 3}, .seconds = 2, .codec = {"-c:v", "libvpx-vp9", "-cpu-used", "8"}});
  const auto summary = build({"--keyframes", "2"});
  EXPECT_EQ(post_in(summary, "A")["keyframes"], 4);
  EXPECT_EQ(metric(summary, "keyframe_extract_seconds").count, 2);
  EXPECT_THAT(packed(), Contains("keyframes/04.jpg"));
  const auto told = report();
  EXPECT_EQ(told["videos"][0]["source"], "video/2.mp4");
  EXPECT_EQ(told["videos"][1]["source"], "video/10.webm");
  EXPECT_EQ(told["videos"][1]["codec"], "vp9");
  EXPECT_EQ(told["keyframes"][3]["source"], "video/10.webm");
}

TEST_F(VideoRun, FramesThatAnotherPostHasAreLeftOut) {
  make_video(post_ / "video/clip.mp4", {});
  const auto later = stand_.post("B", {3, 4});
  later.put("video/same.mp4", read_file(post_ / "video/clip.mp4"));
  const auto summary = build();
  EXPECT_EQ(post_in(summary, "A")["keyframes"], 6);
  EXPECT_EQ(post_in(summary, "B")["keyframes"], 0);
  EXPECT_THAT(notes_of(summary, "B"), AllOf(SizeIs(6), Each(AllOf(HasSubstr("video/same.mp4"), HasSubstr("post A")))));
}

TEST_F(VideoRun, WhenTheTimeIsUpWhatIsThereIsUsedAndTheReportSaysSo) {
  make_video(post_ / "video/clip.mp4", {.width = 1920, .height = 1080});
  const auto summary = build({"--video-timeout", "1ms"});
  EXPECT_EQ(metric(summary, "video_timeouts_total").sum, 1);
  EXPECT_THAT(notes_of(summary, "A"), ElementsAre(AllOf(HasSubstr("video/clip.mp4"), HasSubstr("its time was up"))));
  ASSERT_THAT(videos(), SizeIs(1));
  EXPECT_EQ(videos()[0]["timed_out"], true);
  EXPECT_LT(post_in(summary, "A")["keyframes"], 6);

  EXPECT_EQ(post_in(build(), "A")["keyframes"], 6) << "with time enough";
  EXPECT_EQ(videos()[0]["timed_out"], false);
}

}  // namespace
}  // namespace pipeline::test
