#include "pipeline/base/error.h"
#include "pipeline/base/file.h"
#include "pipeline/package/post.h"

#include "content_id.h"
#include "natural_order.h"
#include "post_folder.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

namespace pipeline::package {
namespace {

namespace fs = std::filesystem;

// Whether something is there by the name, or by the one that Notepad makes of it; what it is worth, read_post() tells.
bool is_post(const fs::path& folder) {
  return std::ranges::any_of(std::array{"post.json", "post.json.txt"}, [&](const char* name) {
    std::error_code ignored;
    return fs::exists(fs::symlink_status(folder / name, ignored));
  });
}

std::vector<fs::path> posts_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (std::string name = entry->path().filename().string(); !name.starts_with('.') && is_post(entry->path()))
      names.push_back(std::move(name));
  if (error) throw UsageError(fmt::format("cannot read {}: {}", folder.string(), error.message()));
  std::ranges::sort(names, natural_less);
  std::vector<fs::path> posts;
  for (const std::string& name : names) posts.push_back(folder / name);
  return posts;
}

std::vector<fs::path> posts_of(const fs::path& given, NoPosts none) {
  std::error_code error;
  const auto type = fs::status(given, error).type();
  if (type == fs::file_type::not_found)
    throw UsageError(fmt::format("there is no post {}: name a folder that is there", given.string()));
  if (type == fs::file_type::none) throw UsageError(fmt::format("cannot read {}: {}", given.string(), error.message()));
  if (type != fs::file_type::directory) {
    if (given.filename() == kPostFile) return {given.has_parent_path() ? given.parent_path() : fs::path(".")};
    throw UsageError(fmt::format("{} is no post; give its folder, which holds a post.json", given.string()));
  }
  if (is_post(given)) return {given};
  auto posts = posts_in(given);
  if (posts.empty() && none == NoPosts::refused)
    throw UsageError(
        fmt::format("{} is no post and holds none: no post.json is in it or in a folder of it", given.string()));
  return posts;
}

// Whichever way leads to it.
std::optional<std::pair<dev_t, ino_t>> identity_of(const fs::path& folder) {
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0) return std::nullopt;
  return std::pair(status.st_dev, status.st_ino);
}

bool may_be_post(const fs::path& folder, const std::string& content_id) {
  std::error_code ignored;
  if (content_id_of_folder(fs::canonical(folder, ignored).filename().string()) == content_id) return true;
  try {
    return read_file(folder / kPostFile).find('"' + content_id + '"') != std::string::npos;
  } catch (const Error&) {
    return true;
  }
}

}  // namespace

bool may_hold_post(const fs::path& folder, const std::string& content_id) {
  if (is_post(folder / content_id)) return true;  // as most are named
  if (is_post(folder)) return may_be_post(folder, content_id);
  const auto posts = posts_in(folder);
  return std::ranges::any_of(posts, [&](const fs::path& post) { return may_be_post(post, content_id); });
}

std::vector<fs::path> find_posts(const std::vector<fs::path>& given, NoPosts none) {
  std::vector<fs::path> found;
  std::set<std::pair<dev_t, ino_t>> known;
  for (const auto& path : given)
    for (auto& post : posts_of(path, none)) {
      const auto identity = identity_of(post);
      if (!identity || known.insert(*identity).second) found.push_back(std::move(post));
    }
  return found;
}

}  // namespace pipeline::package
