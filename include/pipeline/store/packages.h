#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/base/fingerprint.h"
#include "pipeline/base/sha256.h"
#include "pipeline/store/posts.h"

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
  Sha256 digest{};  // of what is uploaded: equal packages have the same
};

// A picture in a post's unique pack.
struct PackedImage {
  Sha256 sha256{};
  std::uint64_t perceptual_hash = 0;
  std::string look{};  // what media/likeness.h compares; empty: none was kept, or it was not asked for
};

// What was packed: a package of each post, and the pictures in it; and the posts themselves. Errors and threads as of
// Catalogue.
class Packages {
 public:
  virtual ~Packages() = default;

  [[nodiscard]] virtual std::optional<PackageRecord> find(std::string_view content_id) = 0;
  // Every picture of every post, without its look: that is asked for where it is needed.
  virtual void each_image(const std::function<void(std::string_view content_id, const PackedImage&)>& sink) = 0;

  // Empty when none was kept.
  [[nodiscard]] virtual std::string look_of(std::string_view content_id, const Sha256& sha256) = 0;

  // Each in one transaction: the record and its pictures take the place of what was there, or nothing is there any
  // more. A picture that is twice in a post, by its SHA-256, is refused.
  virtual void put(const PackageRecord& record, std::span<const PackedImage> images) = 0;
  virtual void remove(std::string_view content_id) = 0;

  // --- posts ---

  [[nodiscard]] virtual std::optional<PostRecord> find_post(std::string_view content_id) = 0;
  // By content_id. Works on a store that was opened for reading.
  virtual void each_post(const std::function<void(const PostRecord&)>& sink) = 0;
  // Those alone that need something.
  virtual void each_post_in_need(const std::function<void(const PostRecord&)>& sink) = 0;
  virtual void each_post_folder(
      const std::function<void(std::string_view content_id, std::string_view folder)>& sink) = 0;
  // Published posts of products that are removed, not on sale, or sold out.
  [[nodiscard]] virtual std::vector<TakeDown> to_take_down() = 0;

  // Takes the place of what was known of the post.
  virtual void put_post(const PostRecord& post) = 0;
  // All of the post: its package as well.
  virtual void forget_post(std::string_view content_id) = 0;
};

}  // namespace pipeline::store
