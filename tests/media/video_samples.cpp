#include "video_samples.h"

#include "support/fake_clock.h"

#include <cmath>
#include <fstream>
#include <thread>

namespace pipeline::media::made {
namespace {

const pipeline::test::TempDir& sample_folder() {
  static const pipeline::test::TempDir folder;
  return folder;
}

}  // namespace

std::filesystem::path in_sample_folder(const std::string& name) {
  return sample_folder() / name;
}

std::filesystem::path sample(const std::string& name, const VideoRecipe& recipe) {
  const auto path = in_sample_folder(name);
  if (!std::filesystem::exists(path)) make_video(path, recipe);
  return path;
}

std::filesystem::path remuxed(const std::string& name, const std::vector<std::string>& output,
                              const std::filesystem::path& source) {
  const auto path = in_sample_folder(name);
  if (std::filesystem::exists(path)) return path;
  std::vector<std::string> arguments{"-i", source.string(), "-c", "copy"};
  arguments.insert(arguments.end(), output.begin(), output.end());
  arguments.push_back(path.string());
  run_ffmpeg(arguments);
  return path;
}

std::filesystem::path written(const std::string& name, const std::string& bytes) {
  const auto path = in_sample_folder(name);
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

void on_threads(std::size_t n, const std::function<void(std::size_t)>& task) {
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < n; ++i) threads.emplace_back(task, i);
}

Keyframes extract(const std::filesystem::path& video, const KeyframeOptions& options) {
  const pipeline::test::FakeClock clock;
  return extract_keyframes(video, options, clock, on_threads, {});
}

std::vector<double> times_of(const Keyframes& keyframes) {
  std::vector<double> times;
  for (const Keyframe& frame : keyframes.frames) times.push_back(std::round(frame.at_seconds * 100) / 100);
  return times;
}

std::vector<std::string> jpegs_of(const Keyframes& keyframes) {
  std::vector<std::string> jpegs;
  for (const Keyframe& frame : keyframes.frames) jpegs.push_back(frame.jpeg);
  return jpegs;
}

}  // namespace pipeline::media::made
