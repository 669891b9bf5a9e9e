#include "post_index.h"

#include "pipeline/base/error.h"
#include "pipeline/base/file.h"
#include "pipeline/package/post.h"

#include <algorithm>
#include <set>

namespace pipeline::package {
namespace {

std::string text_of(const std::filesystem::path& folder) {
  try {
    return read_file(folder / "post.json");
  } catch (const Error&) {
    return {};  // the post's own result will tell
  }
}

}  // namespace

PostIndex::PostIndex(const std::filesystem::path& folder, store::Catalogue& catalogue)
    : folders_(find_posts({folder}, NoPosts::allowed)) {
  for (std::size_t i = 0; i < folders_.size(); ++i) add(i, catalogue);
}

void PostIndex::add(std::size_t post, store::Catalogue& catalogue) {
  const PostNames names = read_post_names(folders_[post]);
  if (names.has_content_id) names_.emplace(names.content_id, folders_[post].string());
  if (names.skus.empty()) unreadable_.push_back(post);
  for (const std::string& name : names.skus) {
    const auto found = catalogue.find(name);
    if (found.empty()) by_name_.emplace(name, post);
    for (const auto& one : found) by_name_.emplace(full_name(one.product.key()), post);
  }
}

std::vector<std::filesystem::path> PostIndex::posts_of(std::span<const catalogue::QueueEntry> entries) const {
  std::set<std::size_t> posts;
  for (const auto& entry : entries) {
    for (const std::string& name : {full_name(entry.key()), entry.sku}) {
      const auto [first, last] = by_name_.equal_range(name);
      for (auto named = first; named != last; ++named) posts.insert(named->second);
    }
  }
  for (const std::size_t post : unreadable_) {
    const std::string text = text_of(folders_[post]);
    if (std::ranges::any_of(entries, [&](const auto& entry) { return text.find(entry.sku) != text.npos; }))
      posts.insert(post);
  }
  std::vector<std::filesystem::path> found;
  for (const std::size_t post : posts) found.push_back(folders_[post]);
  return found;
}

}  // namespace pipeline::package
