#include "packed_pictures.h"

#include "pipeline/media/perceptual_hash.h"

#include <tuple>

namespace pipeline::package {

PackedPictures::PackedPictures(store::Packages& packages) {
  packages.each_image([this](std::string_view content_id, const auto& image) {
    entries_.push_back({image, std::string(content_id)});
  });
}

std::optional<Duplicate> PackedPictures::find(const Sha256& sha256, std::uint64_t hash,
                                              std::string_view content_id) const {
  const Entry* nearest = nullptr;
  const auto rank = [&](const Entry& entry) {
    return std::tuple(entry.image.sha256 != sha256, media::distance(entry.image.perceptual_hash, hash),
                      std::string_view(entry.content_id));
  };
  for (const Entry& entry : entries_) {
    const bool alike = entry.image.sha256 == sha256 || media::nearly_equal(entry.image.perceptual_hash, hash);
    if (!alike || entry.content_id == content_id) continue;
    if (nearest == nullptr || rank(entry) < rank(*nearest)) nearest = &entry;
  }
  if (nearest == nullptr) return std::nullopt;
  const bool equal = nearest->image.sha256 == sha256;
  return Duplicate{.kind = equal ? Duplicate::Kind::equal : Duplicate::Kind::nearly_equal,
                   .of = {},
                   .content_id = nearest->content_id,
                   .distance = media::distance(nearest->image.perceptual_hash, hash)};
}

void PackedPictures::replace(const std::string& content_id, std::span<const store::PackedImage> images) {
  std::erase_if(entries_, [&](const Entry& entry) { return entry.content_id == content_id; });
  for (const auto& image : images) entries_.push_back({image, content_id});
}

}  // namespace pipeline::package
