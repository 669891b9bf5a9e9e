#pragma once

#include "pipeline/base/sha256.h"
#include "pipeline/package/picture.h"
#include "pipeline/store/packages.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::package {

// The pictures in the unique packs of all posts, as one of them sees them. One thread at a time.
class PackedPictures {
 public:
  // The look of a picture that was added without it; called by find(), on its thread.
  using LookOf = std::function<std::string(std::string_view content_id, const Sha256& sha256)>;
  explicit PackedPictures(LookOf look_of) : look_of_(std::move(look_of)) {}
  void add(std::string content_id, const store::PackedImage& image) {
    entries_.push_back({image, std::move(content_id)});
  }

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
