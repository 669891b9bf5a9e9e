#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

// What the posts of a case are made of.
namespace pipeline::bench {

struct PixelSize {
  int width = 0;
  int height = 0;
};
inline constexpr PixelSize k3Megapixels{2000, 1500};
inline constexpr PixelSize k12Megapixels{4000, 3000};
inline constexpr PixelSize k48Megapixels{8000, 6000};

// So many JPEGs in a new folder, each of another object: about 0.9 MB at 3 megapixels, 3.6 MB at 12. Other seeds give
// other pictures.
[[nodiscard]] std::vector<std::filesystem::path> make_pictures(const std::filesystem::path& folder, int count,
                                                               PixelSize size, int first_seed = 1);

// So many HEICs in a new folder, as a camera encodes them: about 3 MB at 12 megapixels.
[[nodiscard]] std::vector<std::filesystem::path> make_heics(const std::filesystem::path& folder, int count,
                                                            PixelSize size);

struct Clip {
  PixelSize size{1920, 1080};
  double seconds = 60;
  int rate = 30;    // frames a second
  int group = 250;  // frames from one keyframe to the next: x264's own default, which phones and editors rarely exceed
  int scenes = 24;
  int first_scene = 0;
};
// Of the short forms.
inline constexpr Clip kSmallClip{.size = {1280, 720}, .rate = 2, .group = 17};

// H.264 as a camera gives it: grain that differs from frame to frame, so that every frame has to be decoded from bytes
// of its own; still images would make `ffmpeg select` look fast, and keyframes look large beside the rest. 1080p comes
// to about 12 Mbit/s; a minute of it takes a minute of one core to make.
void make_clip(const std::filesystem::path& file, const Clip& clip);

}  // namespace pipeline::bench
