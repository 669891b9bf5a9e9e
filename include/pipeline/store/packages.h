#pragma once

#include "pipeline/base/fingerprint.h"
#include "pipeline/base/sha256.h"
#include "pipeline/store/database.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pipeline::store {

// The package last built of a post.
struct PackageRecord {
  std::string content_id;
  Fingerprint fingerprint{};  // of everything it was made of
  std::uint64_t naver_bytes = 0;
  std::uint64_t unique_bytes = 0;
  std::int64_t images = 0;     // packed in the unique pack
  std::int64_t keyframes = 0;  // the same
  std::string run_id;
  WallTime built_at{};
};

// A picture in a post's unique pack.
struct PackedImage {
  Sha256 sha256{};
  std::uint64_t perceptual_hash = 0;
  std::string look{};  // what media/likeness.h compares; empty: none was kept, or it was not asked for
};

// The tables `packages` and `images`. Same thread as its database.
class Packages {
 public:
  explicit Packages(Database& database);

  [[nodiscard]] std::optional<PackageRecord> find(std::string_view content_id);
  // Every picture of every post, without its look: that is asked for where it is needed.
  void each_image(const std::function<void(std::string_view content_id, const PackedImage&)>& sink);
  [[nodiscard]] std::string look_of(std::string_view content_id, const Sha256& sha256);

  // Each in one transaction: the record and its pictures take the place of what was there, or nothing is there any
  // more.
  void put(const PackageRecord& record, std::span<const PackedImage> images);
  void remove(std::string_view content_id);

 private:
  Database& database_;
  Statement find_;
  Statement images_;
  Statement look_;
  Statement put_;
  Statement put_image_;
  Statement remove_;
  Statement remove_images_;
};

}  // namespace pipeline::store
