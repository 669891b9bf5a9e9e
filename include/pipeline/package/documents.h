#pragma once

#include "pipeline/base/sha256.h"
#include "pipeline/catalogue/product.h"
#include "pipeline/package/body.h"
#include "pipeline/package/picture.h"
#include "pipeline/package/post.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

// The texts of the two packages; docs/packages.md describes each. All are UTF-8 and depend on nothing but what is
// given. Any thread.
namespace pipeline::package {

// A video of the post and what came of it.
struct VideoResult {
  std::string file;
  std::string codec;
  double duration_seconds = 0;
  int keyframes = 0;
  std::string shortfall;
  bool timed_out = false;
};

// All that the documents tell of. Pictures stand in the order of their numbers.
struct Content {
  const Post& post;
  const Body& body;
  std::span<const catalogue::Product> products;  // of post.skus, in the same order
  std::span<const Picture> images;               // of body.images, in the same order
  std::span<const Picture> keyframes;
  std::span<const VideoResult> videos;
  double duplicate_ratio = 0;
  double max_duplicate_ratio = 0;
  int counted_images = 0;  // what min_images is held against
  int min_images = 0;
};

struct ManifestFile {
  std::string name;
  std::uint64_t size = 0;
  Sha256 sha256{};
};

// For the Naver package
[[nodiscard]] std::string content_html(const Content& content);  // image places; no picture is loaded
[[nodiscard]] std::string preview_html(const Content& content);  // the same with the pictures in place, styled
[[nodiscard]] std::string meta_json(const Content& content);
[[nodiscard]] std::string manifest_json(const std::string& content_id, std::span<const ManifestFile> files);

// For the unique pack
[[nodiscard]] std::string alt_texts_json(const Content& content);
[[nodiscard]] std::string unique_facts_json(const Content& content);
[[nodiscard]] std::string uniqueness_report_json(const Content& content);

}  // namespace pipeline::package
