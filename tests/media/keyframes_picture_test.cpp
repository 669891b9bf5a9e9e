#include "pipeline/base/file.h"
#include "pipeline/media/keyframes.h"

#include "jpeg_picture.h"
#include "support/process.h"
#include "video_samples.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <tuple>

extern "C" {
#include <libavutil/cpu.h>
}

namespace pipeline::media {
namespace {

using namespace made;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

Keyframe first_frame(const std::filesystem::path& video, const KeyframeOptions& options = {}) {
  Keyframes result = extract(video, options);
  if (result.frames.empty()) throw std::runtime_error(result.shortfall);
  return std::move(result.frames.front());
}

Keyframe first_frame(const std::string& name, const VideoRecipe& recipe) {
  return first_frame(sample(name, recipe));
}

TEST(KeyframesPictureTest, AreJpegsThatOthersRead) {
  const pipeline::test::TempDir folder;
  for (const Keyframe& frame : extract(sample("h264.mp4")).frames) {
    const auto path = written("frame.jpg", frame.jpeg);
    const auto told = pipeline::test::Process({"/usr/bin/file", "-b", path.string()}, {}, folder.path()).wait();
    EXPECT_THAT(told.out, HasSubstr("JPEG image data"));
    EXPECT_THAT(told.out, HasSubstr("320x240, components 3"));
    EXPECT_THAT(told.out, Not(HasSubstr("comment")));  // the version of the library would differ between machines
    const JpegPicture picture(frame.jpeg);
    EXPECT_EQ(picture.width(), frame.width);
    EXPECT_EQ(picture.height(), frame.height);
  }
}

struct Turn {
  const char* name;
  DisplayMatrix matrix;
  double red_x, red_y;  // where the corner that is red as decoded ends up
  bool upright;         // width and height as decoded
};

TEST(KeyframesPictureTest, TheDisplayMatrixIsApplied) {
  const std::string bytes = read_file(sample("h264.mp4"));
  const std::vector<Turn> turns{
      {"as_decoded", {1, 0, 0, 1}, 0.1, 0.1, true},  {"right", {0, 1, -1, 0}, 0.9, 0.1, false},
      {"half", {-1, 0, 0, -1}, 0.9, 0.9, true},      {"left", {0, -1, 1, 0}, 0.1, 0.9, false},
      {"mirrored", {-1, 0, 0, 1}, 0.9, 0.1, true},   {"upside_down", {1, 0, 0, -1}, 0.1, 0.9, true},
      {"transposed", {0, 1, 1, 0}, 0.1, 0.1, false}, {"transversed", {0, -1, -1, 0}, 0.9, 0.9, false},
  };
  for (const Turn& turn : turns) {
    const auto video = written(std::string(turn.name) + ".mp4", with_display_matrix(bytes, turn.matrix));
    const Keyframe frame = first_frame(video);
    const JpegPicture picture(frame.jpeg);
    EXPECT_EQ(picture.width(), turn.upright ? 320 : 240) << turn.name;
    EXPECT_EQ(picture.height(), turn.upright ? 240 : 320) << turn.name;
    EXPECT_EQ(frame.width, picture.width()) << turn.name;
    for (const double x : {0.1, 0.9})
      for (const double y : {0.1, 0.9})
        EXPECT_EQ(is_red(picture.at(x, y)), x == turn.red_x && y == turn.red_y) << turn.name << ' ' << x << ' ' << y;
  }
}

// The same turn, as ffmpeg writes it and as ffmpeg undoes it.
TEST(KeyframesPictureTest, ARotationIsTakenAsFfmpegTakesIt) {
  for (const auto* degrees : {"90", "180", "270"}) {
    const auto rotated = in_sample_folder(std::string("rotated") + degrees + ".mp4");
    run_ffmpeg({"-i", sample("h264.mp4").string(), "-c", "copy", "-metadata:s:v", std::string("rotate=") + degrees,
                rotated.string()});
    const auto upright = in_sample_folder("upright.jpg");
    run_ffmpeg({"-i", rotated.string(), "-frames:v", "1", upright.string()});
    const JpegPicture theirs(read_file(upright));
    const JpegPicture ours(first_frame(rotated).jpeg);
    ASSERT_EQ(ours.width(), theirs.width()) << degrees;
    for (const double x : {0.1, 0.9})
      for (const double y : {0.1, 0.9}) EXPECT_EQ(is_red(ours.at(x, y)), is_red(theirs.at(x, y))) << degrees;
  }
}

TEST(KeyframesPictureTest, PixelsBecomeSquare) {
  VideoRecipe recipe;
  recipe.filter = "setsar=2/1";
  const Keyframe wide = first_frame("wide.mp4", recipe);
  EXPECT_EQ(wide.width, 640);
  EXPECT_EQ(wide.height, 240);
  recipe.filter = "setsar=1/2";
  const Keyframe tall = first_frame("tall.mp4", recipe);
  EXPECT_EQ(tall.width, 160);
  EXPECT_EQ(tall.height, 240);
}

TEST(KeyframesPictureTest, PixelsBecomeSquareBeforeTheyAreTurned) {
  VideoRecipe recipe;
  recipe.filter = "setsar=2/1";
  const std::string bytes = read_file(sample("wide.mp4", recipe));
  const Keyframe frame = first_frame(written("wide_turned.mp4", with_display_matrix(bytes, {0, 1, -1, 0})));
  EXPECT_EQ(frame.width, 240);
  EXPECT_EQ(frame.height, 640);
}

TEST(KeyframesPictureTest, TheLongSideIsBoundedAndNothingIsEnlarged) {
  struct Case {
    int width, height, packed_width, packed_height;
  };
  for (const Case& c : {Case{1920, 1080, 1280, 720}, Case{1080, 1920, 720, 1280}, Case{1280, 720, 1280, 720},
                        Case{640, 360, 640, 360}, Case{16, 16, 16, 16}, Case{2600, 20, 1280, 10}}) {
    VideoRecipe recipe;
    recipe.width = c.width;
    recipe.height = c.height;
    recipe.scenes = {0};
    recipe.seconds = 0.5;
    const std::string name = std::to_string(c.width) + "x" + std::to_string(c.height) + ".mp4";
    const Keyframe frame = first_frame(name, recipe);
    EXPECT_EQ(frame.width, c.packed_width) << name;
    EXPECT_EQ(frame.height, c.packed_height) << name;
    EXPECT_EQ(JpegPicture(frame.jpeg).width(), c.packed_width) << name;
  }
}

TEST(KeyframesPictureTest, OddSizesKeepTheirLastColumnAndRow) {
  VideoRecipe recipe;
  recipe.width = 97;
  recipe.height = 55;
  recipe.codec = {"-c:v", "libvpx", "-deadline", "realtime", "-b:v", "500k"};
  const auto video = sample("odd.webm", recipe);
  const Keyframe frame = first_frame(video);
  EXPECT_EQ(frame.width, 97);
  EXPECT_EQ(frame.height, 55);
  EXPECT_TRUE(is_red(JpegPicture(frame.jpeg).at(0.1, 0.1)));
}

TEST(KeyframesPictureTest, AnotherLongSideIsKept) {
  KeyframeOptions options;
  options.long_side = 101;
  const Keyframe frame = first_frame(sample("h264.mp4"), options);
  EXPECT_EQ(frame.width, 101);
  EXPECT_EQ(frame.height, 76);
}

struct ColourSpace {
  const char* name;
  const char* filter;
  std::vector<std::string> output;
};

// Saturated colours differ by 20 and more where the matrix or the range is taken for another.
TEST(KeyframesPictureTest, ColoursAreRightWhateverTheVideoCallsThem) {
  const std::vector<ColourSpace> all{
      {"bt601", "scale=out_color_matrix=bt601", {"-colorspace", "smpte170m"}},
      {"bt709", "scale=out_color_matrix=bt709", {"-colorspace", "bt709"}},
      {"bt2020", "scale=out_color_matrix=bt2020", {"-colorspace", "bt2020nc"}},
      {"full", "scale=out_color_matrix=bt709:out_range=full", {"-colorspace", "bt709", "-color_range", "pc"}},
      {"ten_bits", "scale=out_color_matrix=bt709", {"-colorspace", "bt709", "-pix_fmt", "yuv420p10le"}},
      {"chroma_444", "scale=out_color_matrix=bt709", {"-colorspace", "bt709", "-pix_fmt", "yuv444p"}},
  };
  for (const ColourSpace& colours : all) {
    const auto video = in_sample_folder(std::string("colours_") + colours.name + ".mp4");
    std::vector<std::string> arguments{
        "-f",       "lavfi",
        "-i",       "color=c=0xC81E28:s=160x120:d=1,format=rgb24,drawbox=x=80:w=80:h=120:c=0x1EA03C:t=fill",
        "-vf",      colours.filter,
        "-pix_fmt", "yuv420p",
        "-c:v",     "libx264",
        "-crf",     "5"};
    arguments.insert(arguments.end(), colours.output.begin(), colours.output.end());
    arguments.push_back(video.string());
    run_ffmpeg(arguments);
    const JpegPicture picture(first_frame(video).jpeg);
    const auto near = [&](double x, const Rgb& wanted) {
      const Rgb found = picture.at(x, 0.5);
      EXPECT_NEAR(found.red, wanted.red, 6) << colours.name << ' ' << x;
      EXPECT_NEAR(found.green, wanted.green, 6) << colours.name << ' ' << x;
      EXPECT_NEAR(found.blue, wanted.blue, 6) << colours.name << ' ' << x;
    };
    near(0.25, {0xC8, 0x1E, 0x28});
    near(0.75, {0x1E, 0xA0, 0x3C});
  }
}

struct WideFilm {
  const char* name;
  const char* primaries;
  const char* transfer;
};

// Two fields of colour, coded as phones do it, and seen as they were.
TEST(KeyframesPictureTest, HdrAndWideGamutAreMappedToAnOrdinaryScreen) {
  const std::string fields =
      "color=0xC81E28:s=320x360:r=10:d=1[a];color=0x1EA03C:s=320x360:r=10:d=1[b];[a][b]hstack,format=gbrp,"
      "zscale=tin=bt709:min=gbr:pin=bt709:rin=full:t=linear:m=gbr:p=bt709:r=full:npl=203,format=gbrpf32le,"
      "zscale=pin=bt709:min=gbr:tin=linear:p={0}:t={1}:m=bt2020nc:r=tv:npl=203,format=yuv420p10le";
  for (const WideFilm& film : {WideFilm{"pq.mp4", "bt2020", "smpte2084"}, WideFilm{"hlg.mov", "bt2020", "arib-std-b67"},
                               WideFilm{"wide.mp4", "bt2020", "bt709"}}) {
    SCOPED_TRACE(film.name);
    const auto path = sample("h264.mp4").parent_path() / film.name;
    run_ffmpeg({"-f", "lavfi", "-i", fmt::format(fmt::runtime(fields), film.primaries, film.transfer), "-c:v",
                "libx265", "-preset", "ultrafast", "-x265-params",
                fmt::format("log-level=none:crf=10:colorprim={}:transfer={}:colormatrix=bt2020nc", film.primaries,
                            film.transfer),
                "-color_primaries", film.primaries, "-color_trc", film.transfer, "-colorspace", "bt2020nc",
                path.string()});
    const JpegPicture picture(first_frame(path, {.count = 1}).jpeg);
    const auto near = [&](double x, Rgb wanted) {
      const Rgb found = picture.at(x, 0.5);
      EXPECT_NEAR(found.red, wanted.red, 8) << x;
      EXPECT_NEAR(found.green, wanted.green, 8) << x;
      EXPECT_NEAR(found.blue, wanted.blue, 8) << x;
    };
    near(0.25, {0xC8, 0x1E, 0x28});
    near(0.75, {0x1E, 0xA0, 0x3C});
  }
}

// Sum and sum of squares over a grid.
struct Levels {
  double mean = 0;
  double deviation = 0;
};
std::array<Levels, 3> levels_of(const std::string& jpeg) {
  constexpr int kGrid = 300;
  const JpegPicture picture(jpeg);
  std::array<double, 3> sums{};
  std::array<double, 3> squares{};
  for (int y = 0; y < kGrid; ++y)
    for (int x = 0; x < kGrid; ++x) {
      const Rgb pixel = picture.at((x + 0.5) / kGrid, (y + 0.5) / kGrid);
      const std::array<int, 3> channels{pixel.red, pixel.green, pixel.blue};
      for (std::size_t i = 0; i < 3; ++i) {
        sums[i] += channels[i];
        squares[i] += channels[i] * channels[i];
      }
    }
  std::array<Levels, 3> levels;
  constexpr double kPixels = kGrid * kGrid;
  for (std::size_t i = 0; i < 3; ++i) {
    levels[i].mean = sums[i] / kPixels;
    levels[i].deviation = std::sqrt(squares[i] / kPixels - levels[i].mean * levels[i].mean);
  }
  return levels;
}

// A film of one picture; in PQ or HLG its white is at `white` cd/m².
struct HdrFilm {
  std::string source;
  std::string transfer;
  int white = 0;
  std::string metadata = {};
};

std::filesystem::path hdr_film(const std::string& name, const HdrFilm& film) {
  auto path = in_sample_folder(name);
  run_ffmpeg(
      {"-f", "lavfi", "-i", film.source, "-vf",
       fmt::format("format=gbrp,zscale=tin=bt709:min=gbr:pin=bt709:rin=full:t=linear:m=gbr:p=bt709:r=full:npl=203,"
                   "format=gbrpf32le,zscale=pin=bt709:min=gbr:tin=linear:p=bt2020:t={}:m=bt2020nc:r=tv:npl={},"
                   "format=yuv420p10le",
                   film.transfer, film.white),
       "-c:v", "libx265", "-preset", "ultrafast", "-x265-params",
       fmt::format("log-level=none:colorprim=bt2020:transfer={}:colormatrix=bt2020nc{}", film.transfer, film.metadata),
       "-color_primaries", "bt2020", "-color_trc", film.transfer, "-colorspace", "bt2020nc", path.string()});
  return path;
}

void expect_same_levels(const std::filesystem::path& film, const std::array<Levels, 3>& expected) {
  const auto found = levels_of(first_frame(film, {.count = 1}).jpeg);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(found[i].mean, expected[i].mean, 6) << i;
    EXPECT_NEAR(found[i].deviation, expected[i].deviation, 6) << i;
  }
}

std::array<Levels, 3> levels_of_ordinary(const std::string& source) {
  const auto ordinary = in_sample_folder("ordinary.mp4");
  run_ffmpeg({"-f", "lavfi", "-i", source, "-c:v", "libx264", "-preset", "ultrafast", "-crf", "5", "-pix_fmt",
              "yuv420p", ordinary.string()});
  return levels_of(first_frame(ordinary, {.count = 1}).jpeg);
}

constexpr const char* kCard = "testsrc2=s=640x360:r=10:d=1";
// Shades of skin, none of them near white.
constexpr const char* kSkin =
    "color=0xE0AC8C:s=640x360:r=10:d=1,drawbox=x=100:y=60:w=200:h=200:c=0xC68642:t=fill,"
    "drawbox=x=320:y=60:w=200:h=200:c=0x8D5524:t=fill,gblur=6,noise=alls=8";
// Reds within the border of an ordinary screen, before white.
constexpr const char* kReds =
    "color=white:s=640x360:r=10:d=1,drawbox=x=100:y=80:w=200:h=200:c=0xC81E28:t=fill,"
    "drawbox=x=340:y=80:w=200:h=200:c=0x7A1F2B:t=fill,gblur=2";
constexpr const char* kBars = "smptehdbars=s=640x360:r=10:d=1";

// As coarsely coded as by default. HLG has its white where HDR has it, and at its peak.
TEST(KeyframesPictureTest, AnHdrFilmLooksAsItsOrdinaryOriginal) {
  for (const char* source : {kCard, kSkin, kReds, kBars}) {
    SCOPED_TRACE(source);
    const auto expected = levels_of_ordinary(source);
    for (const auto& [name, transfer, white] :
         {std::tuple("look_pq.mp4", "smpte2084", 203), std::tuple("look_hlg.mov", "arib-std-b67", 203),
          std::tuple("look_hlg_peak.mov", "arib-std-b67", 1000)}) {
      SCOPED_TRACE(name);
      expect_same_levels(hdr_film(name, {source, transfer, white}), expected);
    }
  }
}

TEST(KeyframesPictureTest, TheBrightestThatAnHdrFilmSaysItHasIsHeeded) {
  const auto expected = levels_of_ordinary(kSkin);
  const char* const screen = "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)";
  for (const int brightest : {100, 203, 1000}) {
    SCOPED_TRACE(brightest);
    expect_same_levels(
        hdr_film("said.mp4", {kSkin, "smpte2084", brightest,
                              fmt::format(":hdr10=1:master-display={}:max-cll={},50", screen, brightest)}),
        expected);
  }
}

// The vector code of one processor must not round otherwise than that of another.
TEST(KeyframesPictureTest, TheBytesDoNotDependOnTheProcessor) {
  VideoRecipe recipe;
  recipe.width = 1440;
  recipe.height = 810;
  recipe.seconds = 2;
  recipe.scenes = {0, 1};
  const auto video = sample("processor.mp4", recipe);
  const std::vector<std::string> here = jpegs_of(extract(video));
  ASSERT_THAT(here, SizeIs(2));
  for (const int flags : {AV_CPU_FLAG_MMX | AV_CPU_FLAG_MMXEXT | AV_CPU_FLAG_SSE | AV_CPU_FLAG_SSE2,
                          AV_CPU_FLAG_MMX | AV_CPU_FLAG_MMXEXT | AV_CPU_FLAG_SSE | AV_CPU_FLAG_SSE2 | AV_CPU_FLAG_SSE3 |
                              AV_CPU_FLAG_SSSE3 | AV_CPU_FLAG_SSE4}) {
    av_force_cpu_flags(flags);
    const std::vector<std::string> there = jpegs_of(extract(video));
    av_force_cpu_flags(-1);
    EXPECT_EQ(there, here) << flags;
  }
}

}  // namespace
}  // namespace pipeline::media
