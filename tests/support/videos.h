#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace pipeline::test {

// What a stretch of a sample video shows: a pattern of its own for every number from 0 on, unlike all others; or
// nothing.
inline constexpr int kBlack = -1;
inline constexpr int kWhite = -2;

// A video made by the program ffmpeg. Its scenes last equally long; each pattern has a red field in the top left
// corner, so that one sees how it is turned.
struct VideoRecipe {
  std::vector<int> scenes = {0, 1, 2, 3, 4, 5};
  double seconds = 6;
  int rate = 10;   // frames a second
  int group = 10;  // frames from one keyframe to the next
  int width = 320;
  int height = 240;
  std::string filter = {};  // behind the scaling, such as `noise=alls=8`
  std::vector<std::string> codec = {"-c:v", "libx264", "-preset", "ultrafast", "-bf", "2"};
  std::vector<std::string> output = {};  // further options for the file
};

// The container is told by the target's name. Throws std::runtime_error with what ffmpeg said when it fails, or is not
// installed (Debian package ffmpeg).
void make_video(const std::filesystem::path& target, const VideoRecipe& recipe);

// Runs ffmpeg quietly, overwriting files. Throws std::runtime_error.
void run_ffmpeg(const std::vector<std::string>& arguments, const std::string& input = {});

// A display matrix (ISO 14496-12, 8.3.2): x' = a x + c y, y' = b x + d y.
struct DisplayMatrix {
  int a = 1, b = 0, c = 0, d = 1;
};
// The bytes of an mp4 with one track, with another matrix.
[[nodiscard]] std::string with_display_matrix(std::string mp4, const DisplayMatrix& matrix);

}  // namespace pipeline::test
