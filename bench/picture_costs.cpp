#include "picture_costs.h"

#include "pipeline/archive/zip_writer.h"
#include "pipeline/base/file.h"
#include "pipeline/base/sha256.h"

#include "timing.h"

#include <libdeflate.h>

#include <memory>
#include <new>
#include <string>
#include <string_view>

namespace pipeline::bench {
namespace {

struct CompressorFree {
  void operator()(libdeflate_compressor* compressor) const noexcept { ::libdeflate_free_compressor(compressor); }
};

PictureCosts::Deflated deflate(std::string_view bytes, int level) {
  const std::unique_ptr<libdeflate_compressor, CompressorFree> compressor(::libdeflate_alloc_compressor(level));
  if (!compressor) throw std::bad_alloc();
  std::string out(::libdeflate_deflate_compress_bound(compressor.get(), bytes.size()), '\0');
  std::size_t size = 0;
  const double seconds = seconds_of([&] {
    size = ::libdeflate_deflate_compress(compressor.get(), bytes.data(), bytes.size(), out.data(), out.size());
  });
  return {seconds, static_cast<double>(size)};
}

}  // namespace

PictureCosts costs_of(const std::vector<std::filesystem::path>& pictures) {
  PictureCosts costs;
  Sha256Hasher hasher;
  for (const auto& picture : pictures) {
    const std::string bytes = read_file(picture);
    costs.bytes += static_cast<double>(bytes.size());
    costs.digest_seconds += seconds_of([&] {
      (void)hasher.hash(bytes);
      (void)archive::crc32_of(bytes);
    });
    for (const int level : {6, 12}) {
      const auto [seconds, size] = deflate(bytes, level);
      costs.deflated[level].seconds += seconds;
      costs.deflated[level].bytes += size;
    }
  }
  return costs;
}

}  // namespace pipeline::bench
