#include "support/videos.h"

#include "support/process.h"
#include "support/temp_dir.h"

#include <fmt/core.h>

#include <array>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <string_view>

namespace pipeline::test {
namespace {

constexpr const char* kFfmpeg = "/usr/bin/ffmpeg";

// A scene is given to ffmpeg as so few pixels, which it makes large fields of.
constexpr int kColumns = 16;
constexpr int kRows = 12;
constexpr int kCorner = 4;  // columns and rows of the red field

std::string scene_pixels(int scene) {
  const int pixels = kColumns * kRows;
  if (scene == kBlack) return std::string(3 * pixels, '\0');
  if (scene == kWhite) return std::string(3 * pixels, '\xff');
  std::mt19937 random(static_cast<std::uint32_t>(scene));
  std::string rgb;
  for (int y = 0; y < kRows; ++y)
    for (int x = 0; x < kColumns; ++x) {
      const char gray = static_cast<char>(40 + random() % 176);
      if (x < kCorner && y < kCorner)
        rgb += {'\xff', '\0', '\0'};
      else
        rgb.append(3, gray);
    }
  return rgb;
}

}  // namespace

void run_ffmpeg(const std::vector<std::string>& arguments, const std::string& input) {
  const TempDir folder;
  std::vector<std::string> command{kFfmpeg, "-v", "error", "-nostdin", "-y"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const Outcome outcome = Process(command, {}, folder.path(), input_of(input)).wait();
  if (outcome.exit_code != 0)
    throw std::runtime_error(fmt::format("ffmpeg ended with {}: {}", outcome.exit_code, outcome.err));
}

void make_video(const std::filesystem::path& target, const VideoRecipe& recipe) {
  std::string scenes;
  for (const int scene : recipe.scenes) scenes += scene_pixels(scene);
  std::string filter = fmt::format("scale={}:{}:flags=neighbor,fps={}", recipe.width, recipe.height, recipe.rate);
  if (!recipe.filter.empty()) filter += "," + recipe.filter;
  const std::string group = std::to_string(recipe.group);
  std::vector<std::string> arguments{"-f",
                                     "rawvideo",
                                     "-pixel_format",
                                     "rgb24",
                                     "-video_size",
                                     fmt::format("{}x{}", kColumns, kRows),
                                     "-framerate",
                                     fmt::format("{}", static_cast<double>(recipe.scenes.size()) / recipe.seconds),
                                     "-i",
                                     "pipe:0",
                                     "-vf",
                                     filter,
                                     "-pix_fmt",
                                     "yuv420p",
                                     "-threads",
                                     "1",
                                     "-g",
                                     group,
                                     "-keyint_min",
                                     group,
                                     "-sc_threshold",
                                     "0"};
  for (const auto* more : {&recipe.codec, &recipe.output})
    arguments.insert(arguments.end(), more->begin(), more->end());
  arguments.push_back(target.string());
  run_ffmpeg(arguments, scenes);
}

std::string with_display_matrix(std::string mp4, const DisplayMatrix& matrix) {
  constexpr std::size_t kMatrixInHeader = 4 + 40;  // behind the type `tkhd`, version 0
  const std::size_t header = mp4.find("tkhd");
  if (header == std::string::npos) throw std::runtime_error("no track header in the mp4");
  const std::array<std::pair<std::size_t, int>, 4> numbers{
      {{0, matrix.a}, {1, matrix.b}, {3, matrix.c}, {4, matrix.d}}};
  for (const auto& [place, number] : numbers) {
    const auto fixed = static_cast<std::uint32_t>(number) << 16U;  // 16.16
    for (std::size_t i = 0; i < 4; ++i)
      mp4[header + kMatrixInHeader + 4 * place + i] = static_cast<char>(fixed >> (24 - 8 * i));
  }
  return mp4;
}

}  // namespace pipeline::test
