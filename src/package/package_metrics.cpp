#include "package_metrics.h"

#include "pipeline/package/package.h"

namespace pipeline::package {
namespace {

metrics::Counter count(metrics::Metrics& all, Status status) {
  return all.counter("packages_total", {{"status", to_string(status)}});
}

}  // namespace

PackageMetrics::PackageMetrics(metrics::Metrics& metrics)
    : all(metrics),
      build(metrics.timer("package_build_seconds")),
      check(metrics.timer("package_check_seconds")),
      read(metrics.timer("image_read_seconds")),
      hash(metrics.timer("image_hash_seconds")),
      copy(metrics.timer("image_copy_seconds")),
      keyframes(metrics.timer("keyframe_extract_seconds")),
      zip(metrics.timer("zip_seconds")),
      naver_bytes(metrics.counter("package_size_bytes", {{"package", "naver"}})),
      unique_bytes(metrics.counter("package_size_bytes", {{"package", "unique"}})),
      packages{count(metrics, Status::built), count(metrics, Status::unchanged), count(metrics, Status::rejected),
               count(metrics, Status::failed)},
      images(metrics.counter("images_total")),
      most_images(metrics.gauge("post_images_max")),
      duplicates(metrics.counter("duplicate_images_total")),
      keyframes_packed(metrics.counter("keyframes_total")),
      video_timeouts(metrics.counter("video_timeouts_total")) {}

}  // namespace pipeline::package
