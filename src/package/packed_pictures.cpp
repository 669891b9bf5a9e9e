#include "packed_pictures.h"

#include "pipeline/media/likeness.h"
#include "pipeline/media/perceptual_hash.h"

#include <tuple>

namespace pipeline::package {

bool PackedPictures::alike(const Entry& entry, const store::PackedImage& image) const {
  if (entry.image.sha256 == image.sha256) return true;
  if (!media::worth_a_look(entry.image.perceptual_hash, image.perceptual_hash)) return false;
  const auto& look = entry.image.look;
  return media::nearly_equal(
      {entry.image.perceptual_hash, look.empty() ? look_of_(entry.content_id, entry.image.sha256) : look},
      {image.perceptual_hash, image.look});
}

std::optional<Duplicate> PackedPictures::find(const store::PackedImage& image, std::string_view content_id) const {
  const Entry* nearest = nullptr;
  const auto rank = [&](const Entry& entry) {
    return std::tuple(entry.image.sha256 != image.sha256,
                      media::distance(entry.image.perceptual_hash, image.perceptual_hash),
                      std::string_view(entry.content_id));
  };
  for (const Entry& entry : entries_) {
    if (entry.content_id == content_id || (nearest != nullptr && rank(*nearest) <= rank(entry))) continue;
    if (alike(entry, image)) nearest = &entry;
  }
  if (nearest == nullptr) return std::nullopt;
  const bool equal = nearest->image.sha256 == image.sha256;
  return Duplicate{.kind = equal ? Duplicate::Kind::equal : Duplicate::Kind::nearly_equal,
                   .of = {},
                   .content_id = nearest->content_id,
                   .distance = media::distance(nearest->image.perceptual_hash, image.perceptual_hash)};
}

void PackedPictures::replace(const std::string& content_id, std::span<const store::PackedImage> images) {
  std::erase_if(entries_, [&](const Entry& entry) { return entry.content_id == content_id; });
  for (const auto& image : images) entries_.push_back({image, content_id});
}

}  // namespace pipeline::package
