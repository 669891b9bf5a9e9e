#include "pipeline/base/error.h"
#include "pipeline/base/file.h"
#include "pipeline/package/post.h"

#include "content_id.h"
#include "natural_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <system_error>

namespace pipeline::package {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPostFile = "post.json";

// Whether something is there by the name, or by the one that Notepad makes of it; what it is worth, read_post() tells.
bool is_post(const fs::path& folder) {
  return std::ranges::any_of(std::array{"post.json", "post.json.txt"}, [&](const char* name) {
    std::error_code ignored;
    return fs::exists(fs::symlink_status(folder / name, ignored));
  });
}

std::vector<fs::path> posts_in(const fs::path& folder) {
  std::vector<fs::path> posts;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (!entry->path().filename().string().starts_with('.') && is_post(entry->path())) posts.push_back(entry->path());
  if (error) throw UsageError(fmt::format("cannot read {}: {}", folder.string(), error.message()));
  std::ranges::sort(posts, natural_less, [](const fs::path& post) { return post.filename().string(); });
  return posts;
}

std::vector<fs::path> posts_of(const fs::path& given, NoPosts none) {
  std::error_code error;
  const auto type = fs::status(given, error).type();
  if (type == fs::file_type::not_found) throw UsageError(fmt::format("there is no post {}", given.string()));
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
  std::set<fs::path> known;  // without links
  for (const auto& path : given)
    for (auto& post : posts_of(path, none)) {
      std::error_code error;
      const fs::path whole = fs::canonical(post, error);
      if (known.insert(error ? post : whole).second) found.push_back(std::move(post));
    }
  return found;
}

}  // namespace pipeline::package
