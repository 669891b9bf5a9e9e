#pragma once

#include "pipeline/catalogue/queue_entry.h"
#include "pipeline/store/catalogue.h"

#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace pipeline::package {

// Which posts of a folder speak of a product.
class PostIndex {
 public:
  // Reads the names of every post and looks up the products they name; one whose name fits several counts for all of
  // them. Throws UsageError when there is no such folder.
  PostIndex(const std::filesystem::path& folder, store::Catalogue& catalogue);

  // Of the entries' products, in the order of all posts. A post.json that can't be read far enough to tell its products
  // counts for each SKU that stands somewhere in it: better to name one post too many than to lose a change.
  [[nodiscard]] std::vector<std::filesystem::path> posts_of(std::span<const catalogue::QueueEntry> entries) const;
  [[nodiscard]] const std::vector<std::filesystem::path>& folders() const noexcept { return folders_; }
  // The folder of each content_id: of the first post that has it.
  [[nodiscard]] const std::map<std::string, std::string>& names() const noexcept { return names_; }

 private:
  void add(std::size_t post, store::Catalogue& catalogue);

  std::vector<std::filesystem::path> folders_;
  std::multimap<std::string, std::size_t> by_name_;  // SOURCE:SKU; of one that is not known as the author calls it
  std::map<std::string, std::string> names_;
  std::vector<std::size_t> unreadable_;
};

}  // namespace pipeline::package
