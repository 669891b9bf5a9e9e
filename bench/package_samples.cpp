#include "package_samples.h"

#include "support/pictures.h"
#include "support/videos.h"

#include <fmt/core.h>

#include <atomic>
#include <fstream>
#include <future>
#include <stdexcept>
#include <string>

namespace pipeline::bench {
namespace {

void write(const std::filesystem::path& file, const std::string& bytes) {
  if (!std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size())).flush())
    throw std::runtime_error("cannot write " + file.string());
}

}  // namespace

std::vector<std::filesystem::path> make_pictures(const std::filesystem::path& folder, int count, PixelSize size,
                                                 int first_seed) {
  std::filesystem::create_directories(folder);
  std::vector<std::filesystem::path> files;
  for (int i = 0; i < count; ++i) files.push_back(folder / fmt::format("{:03}.jpg", i + 1));
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < files.size(); i = next++) {
      const test::Scene scene{.seed = static_cast<std::uint64_t>(first_seed) + i};
      write(files[i], test::photo(scene, size.width, size.height));
    }
  };
  auto other = std::async(std::launch::async, work);
  work();
  other.get();
  return files;
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
