#pragma once

#include "pipeline/base/sha256.h"
#include "pipeline/package/picture.h"
#include "pipeline/store/packages.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::package {

// The pictures in the unique packs of all posts: those of the database, and those this run has decided on. One thread
// at a time.
class PackedPictures {
 public:
  // The look of a picture of the database; called by find(), on its thread.
  using LookOf = std::function<std::string(std::string_view content_id, const Sha256& sha256)>;
  PackedPictures(store::Packages& packages, LookOf look_of);

  // The picture of another post that is most like this one, if one is so like it that a reader would take them for the
  // same.
  [[nodiscard]] std::optional<Duplicate> find(const store::PackedImage& image, std::string_view content_id) const;
  // A post's pictures from now on.
  void replace(const std::string& content_id, std::span<const store::PackedImage> images);

 private:
  struct Entry {
    store::PackedImage image;
    std::string content_id;
  };
  [[nodiscard]] bool alike(const Entry& entry, const store::PackedImage& image) const;

  LookOf look_of_;
  std::vector<Entry> entries_;
};

}  // namespace pipeline::package
