#include "post_thumbnails.h"

#include "pipeline/base/error.h"
#include "pipeline/base/file.h"
#include "pipeline/base/log.h"
#include "pipeline/package/post.h"

#include <filesystem>
#include <system_error>

namespace pipeline::cli {
namespace {

// In the page it is a third longer.
constexpr std::size_t kMostBytes = 7'500;
// What is larger can't be packed either, and would take long.
constexpr std::uintmax_t kLargestFile = 64'000'000;

}  // namespace

std::optional<media::Thumbnail> PostThumbnails::of(const std::string& post_folder) {
  if (post_folder.empty() || made_ >= kMost || clock_.now() - begin_ > kLongest) return std::nullopt;
  try {
    const auto reading = package::read_post(post_folder);
    if (!reading.post || reading.post->images.empty()) return std::nullopt;
    const std::filesystem::path& file = reading.post->images.front().path;
    if (std::filesystem::file_size(file) > kLargestFile) return std::nullopt;
    auto thumbnail = make_(read_file(file), kMostBytes);
    ++made_;
    return thumbnail;
  } catch (const Error& e) {
    log::debug("report html: no picture of {}: {}", post_folder, e.what());
  } catch (const std::filesystem::filesystem_error& e) {
    log::debug("report html: no picture of {}: {}", post_folder, e.what());
  }
  return std::nullopt;
}

}  // namespace pipeline::cli
