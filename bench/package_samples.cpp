#include "package_samples.h"

#include "support/heif_file.h"
#include "support/pictures.h"
#include "support/videos.h"

#include <fmt/core.h>

#include <atomic>
#include <fstream>
#include <future>
#include <stdexcept>
#include <string>
#include <string_view>

namespace pipeline::bench {
namespace {

void write(const std::filesystem::path& file, const std::string& bytes) {
  if (!std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size())).flush())
    throw std::runtime_error("cannot write " + file.string());
}

// On two threads, each file of what `make` gives for its number.
template <typename Make>
std::vector<std::filesystem::path> make_files(const std::filesystem::path& folder, int count,
                                              std::string_view extension, Make make) {
  std::filesystem::create_directories(folder);
  std::vector<std::filesystem::path> files;
  for (int i = 0; i < count; ++i) files.push_back(folder / fmt::format("{:03}{}", i + 1, extension));
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < files.size(); i = next++) write(files[i], make(i));
  };
  auto other = std::async(std::launch::async, work);
  work();
  other.get();
  return files;
}

}  // namespace

std::vector<std::filesystem::path> make_pictures(const std::filesystem::path& folder, int count, PixelSize size,
                                                 int first_seed) {
  return make_files(folder, count, ".jpg", [&](std::size_t i) {
    return test::photo({.seed = static_cast<std::uint64_t>(first_seed) + i}, size.width, size.height);
  });
}

std::vector<std::filesystem::path> make_heics(const std::filesystem::path& folder, int count, PixelSize size) {
  return make_files(folder, count, ".heic", [&](std::size_t i) {
    return test::heif(test::draw({.seed = i + 1}, size.width, size.height), {.quickly = true});
  });
}

void make_clip(const std::filesystem::path& file, const Clip& clip) {
  test::VideoRecipe recipe;
  recipe.scenes.clear();
  for (int scene = 0; scene < clip.scenes; ++scene) recipe.scenes.push_back(clip.first_scene + scene);
  recipe.seconds = clip.seconds;
  recipe.rate = clip.rate;
  recipe.group = clip.group;
  recipe.width = clip.size.width;
  recipe.height = clip.size.height;
  recipe.filter = "noise=alls=8:allf=t";
  recipe.codec = {"-c:v", "libx264", "-preset", "superfast", "-crf", "26", "-threads", "0"};
  test::make_video(file, recipe);
}

}  // namespace pipeline::bench
