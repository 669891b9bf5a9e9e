#include "bare_pictures.h"

#include "pipeline/base/clock.h"
#include "pipeline/base/file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <libdeflate.h>
#include <libheif/heif.h>
#include <openssl/evp.h>
#include <unistd.h>

// libjpeg's headers need FILE.
#include <cstdio>
//
#include <jpeglib.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace pipeline::bench {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(fmt::format("bare pictures: {} failed: {}", what, std::strerror(errno)));
}

// A file to which several threads append, and which is new each time.
class Archive {
 public:
  explicit Archive(const std::filesystem::path& path)
      : fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
    if (!fd_) fail("open");
  }

  void append(std::string_view bytes) {
    std::uint64_t at = size_.fetch_add(bytes.size());
    while (!bytes.empty()) {
      const ssize_t n = ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(at));
      if (n < 0) fail("pwrite");
      bytes.remove_prefix(static_cast<std::size_t>(n));
      at += static_cast<std::uint64_t>(n);
    }
  }

  void sync() const {
    if (::fsync(fd_.get()) != 0) fail("fsync");
  }

 private:
  Fd fd_;
  std::atomic<std::uint64_t> size_ = 0;
};

// By the libraries themselves: a product that got slower must not make its own yardstick longer.
void sum_up(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  if (::EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, ::EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("bare pictures: SHA-256 failed");
  (void)::libdeflate_crc32(0, bytes.data(), bytes.size());
}

// libjpeg's own way out of an error is exit(): the samples are sound.
void decode_at_an_eighth(std::string_view bytes) {
  jpeg_error_mgr errors{};
  jpeg_decompress_struct jpeg{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&jpeg);
  jpeg_mem_src(&jpeg, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_read_header(&jpeg, TRUE);
  jpeg.out_color_space = JCS_GRAYSCALE;
  jpeg.scale_num = 1;
  jpeg.scale_denom = 8;
  jpeg_start_decompress(&jpeg);
  std::vector<JSAMPLE> row(jpeg.output_width);
  JSAMPROW target = row.data();
  while (jpeg.output_scanline < jpeg.output_height) jpeg_read_scanlines(&jpeg, &target, 1);
  jpeg_finish_decompress(&jpeg);
  jpeg_destroy_decompress(&jpeg);
}

void check(const heif_error& error) {
  if (error.code != heif_error_Ok) throw std::runtime_error(fmt::format("bare pictures: libheif: {}", error.message));
}

std::string jpeg_of_rgb(const std::uint8_t* pixels, int stride, int width, int height) {
  jpeg_error_mgr errors{};
  jpeg_compress_struct jpeg{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* out = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &out, &size);
  jpeg.image_width = static_cast<JDIMENSION>(width);
  jpeg.image_height = static_cast<JDIMENSION>(height);
  jpeg.input_components = 3;
  jpeg.in_color_space = JCS_RGB;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, 92, TRUE);
  jpeg_start_compress(&jpeg, TRUE);
  for (int y = 0; y < height; ++y) {
    auto* row = const_cast<JSAMPROW>(pixels + std::ptrdiff_t{y} * stride);
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  std::string bytes(reinterpret_cast<const char*>(out), size);
  jpeg_destroy_compress(&jpeg);
  std::free(out);  // NOLINT: libjpeg's
  return bytes;
}

std::string jpeg_of_heic(std::string_view bytes) {
  const std::unique_ptr<heif_context, decltype(&heif_context_free)> context(heif_context_alloc(), heif_context_free);
  check(heif_context_read_from_memory_without_copy(context.get(), bytes.data(), bytes.size(), nullptr));
  heif_image_handle* found = nullptr;
  check(heif_context_get_primary_image_handle(context.get(), &found));
  const std::unique_ptr<heif_image_handle, decltype(&heif_image_handle_release)> handle(found,
                                                                                        heif_image_handle_release);
  heif_image* decoded = nullptr;
  check(heif_decode_image(found, &decoded, heif_colorspace_RGB, heif_chroma_interleaved_RGB, nullptr));
  const std::unique_ptr<heif_image, decltype(&heif_image_release)> image(decoded, heif_image_release);
  int stride = 0;
  const std::uint8_t* const pixels = heif_image_get_plane_readonly(decoded, heif_channel_interleaved, &stride);
  return jpeg_of_rgb(pixels, stride, heif_image_get_width(decoded, heif_channel_interleaved),
                     heif_image_get_height(decoded, heif_channel_interleaved));
}

// `take` is called with each picture's bytes and the archives.
template <typename Take>
double run_bare(const std::vector<std::filesystem::path>& pictures, const BareStore& store, std::size_t threads,
                Take take) {
  const SystemClock clock;
  const SteadyTime began = clock.now();
  std::vector<std::unique_ptr<Archive>> archives;
  for (const auto& path : store.archives) archives.push_back(std::make_unique<Archive>(path));
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < pictures.size(); i = next++) take(read_file(pictures[i]), archives);
  };
  std::vector<std::future<void>> others;
  for (std::size_t i = 1; i < threads; ++i) others.push_back(std::async(std::launch::async, work));
  work();
  for (auto& other : others) other.get();
  if (store.synced)
    for (const auto& archive : archives) archive->sync();
  return to_seconds(clock.now() - began);
}

}  // namespace

double run_bare_pictures(const std::vector<std::filesystem::path>& pictures, const BareStore& store,
                         std::size_t threads) {
  return run_bare(pictures, store, threads, [](const std::string& bytes, const auto& archives) {
    sum_up(bytes);
    for (const auto& archive : archives) archive->append(bytes);
    decode_at_an_eighth(bytes);
  });
}

double run_bare_heics(const std::vector<std::filesystem::path>& pictures, const BareStore& store, std::size_t threads) {
  return run_bare(pictures, store, threads, [](const std::string& bytes, const auto& archives) {
    sum_up(bytes);
    const std::string jpeg = jpeg_of_heic(bytes);
    sum_up(jpeg);
    for (const auto& archive : archives) archive->append(jpeg);
  });
}

}  // namespace pipeline::bench
