#include "fingerprint.h"

#include "pipeline/base/sha256.h"
#include "pipeline/base/version.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <string>

namespace pipeline::package {
namespace {

// The time of a status change is in it as well: a file that was replaced by one of the same size and date is another.
std::string describe(const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return fmt::format("{}\nmissing\n", file.string());
  return fmt::format("{}\n{} {} {} {}.{} {}.{}\n", file.string(), status.st_dev, status.st_ino, status.st_size,
                     status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec);
}

}  // namespace

Fingerprint fingerprint_of(const Post& post, std::span<const catalogue::Product> products, const Options& options) {
  std::string all = fmt::format("{}\n{}\n{} {} {} {} {} {} {}\n", program_version(),
                                std::filesystem::absolute(options.out).lexically_normal().string(),
                                static_cast<int>(options.compression), options.keyframes, options.min_images,
                                options.max_duplicate_ratio, options.video_timeout.count(), options.keep_gps,
                                static_cast<int>(options.breaks));
  for (const auto& file : post.inputs) all += describe(file);
  for (const auto& product : products)
    all += fmt::format("{}\n{}\n", product.sku, product.content_hash ? to_hex(*product.content_hash) : "");
  return pipeline::fingerprint_of(all);
}

}  // namespace pipeline::package
