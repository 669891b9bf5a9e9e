#include "heif_reader.h"

#include "pipeline/base/text.h"

#include "colour_profile.h"
#include "exif.h"
#include "jpeg_writer.h"
#include "reader.h"
#include "xmp.h"

#include <fmt/core.h>
#include <libheif/heif.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace pipeline::media {
namespace {

constexpr int kHeifQuality = 92;
// It is held whole while it is decoded, at four to five bytes a pixel.
constexpr std::uint64_t kMostHeifPixels = 64'000'000;

struct ContextFree {
  void operator()(heif_context* context) const noexcept { heif_context_free(context); }
};
struct HandleRelease {
  void operator()(heif_image_handle* handle) const noexcept { heif_image_handle_release(handle); }
};
struct ImageRelease {
  void operator()(heif_image* image) const noexcept { heif_image_release(image); }
};
struct OptionsFree {
  void operator()(heif_decoding_options* options) const noexcept { heif_decoding_options_free(options); }
};
struct NclxFree {
  void operator()(heif_color_profile_nclx* profile) const noexcept { heif_nclx_color_profile_free(profile); }
};
using Handle = std::unique_ptr<heif_image_handle, HandleRelease>;

void check(const heif_error& error, std::string_view bytes) {
  switch (error.code) {
    case heif_error_Ok:
      return;
    case heif_error_Memory_allocation_error:
      if (error.subcode != heif_suberror_Security_limit_exceeded) throw std::bad_alloc();
      throw ImageError("is damaged: it asks for more memory than a picture needs");
    case heif_error_Unsupported_filetype:
    case heif_error_Unsupported_feature:
      throw ImageError(fmt::format("can't be decoded here ({}): save it as JPEG", error.message));
    default:
      break;
  }
  if (error.subcode == heif_suberror_End_of_data) throw_cut_short(bytes);
  throw_damaged(fmt::format("libheif says \"{}\"", error.message));
}

// Sides as shown: libheif applies the boxes that turn and mirror.
Handle primary_image(heif_context& context, std::string_view bytes) {
  heif_image_handle* handle = nullptr;
  check(heif_context_get_primary_image_handle(&context, &handle), bytes);
  Handle primary(handle);
  const auto width = static_cast<std::uint64_t>(heif_image_handle_get_width(handle));
  const auto height = static_cast<std::uint64_t>(heif_image_handle_get_height(handle));
  check_dimensions(width, height);
  if (width * height > kMostHeifPixels)
    throw ImageError(
        fmt::format("is too large for a HEIF picture: {} x {} pixels, and {} in all are the most; save it "
                    "as JPEG",
                    format_count(width), format_count(height), format_count(kMostHeifPixels)));
  return primary;
}

// What takes the picture's colours to sRGB.
ToSrgb colours_of(const heif_image_handle& handle) {
  if (const std::size_t size = heif_image_handle_get_raw_color_profile_size(&handle); size > 0) {
    std::string icc(size, '\0');
    if (heif_image_handle_get_raw_color_profile(&handle, icc.data()).code == heif_error_Ok)
      return ToSrgb::of_profile(icc);
  }
  heif_color_profile_nclx* nclx = nullptr;
  const heif_error error = heif_image_handle_get_nclx_color_profile(&handle, &nclx);
  const std::unique_ptr<heif_color_profile_nclx, NclxFree> owned(nclx);
  if (error.code != heif_error_Ok) return {};
  return ToSrgb::of_primaries(static_cast<int>(nclx->color_primaries));
}

std::string metadata_of(const heif_image_handle& handle, heif_item_id id) {
  std::string block(heif_image_handle_get_metadata_size(&handle, id), '\0');
  return heif_image_handle_get_metadata(&handle, id, block.data()).code == heif_error_Ok ? block : std::string();
}

// EXIF lies behind the offset of its header; XMP as it is.
bool has_position(const heif_image_handle& handle) {
  std::vector<heif_item_id> ids(
      static_cast<std::size_t>(std::max(0, heif_image_handle_get_number_of_metadata_blocks(&handle, nullptr))));
  if (ids.empty()) return false;
  ids.resize(static_cast<std::size_t>(std::max(0, heif_image_handle_get_list_of_metadata_block_IDs(
                                                      &handle, nullptr, ids.data(), static_cast<int>(ids.size())))));
  return std::ranges::any_of(ids, [&](heif_item_id id) {
    const std::string block = metadata_of(handle, id);
    const std::string_view type = heif_image_handle_get_metadata_type(&handle, id);
    if (type == "mime") return xmp_without_position(block).has_value();
    if (type != "Exif" || block.size() < 4) return false;
    std::size_t start = 4;
    for (std::size_t i = 0, offset = 0; i < 4; ++i) {
      offset = offset << 8U | static_cast<unsigned char>(block[i]);
      if (i == 3) start += std::min(offset, block.size() - 4);
    }
    return read_exif(std::string_view(block).substr(start)).without_position.has_value();
  });
}

// The pixels where they lie in libheif's picture, RGB before white and in sRGB.
PixelRows finish(heif_image& image, bool alpha, const ToSrgb& to_srgb) {
  int stride = 0;
  std::uint8_t* const pixels = heif_image_get_plane(&image, heif_channel_interleaved, &stride);
  const int width = heif_image_get_width(&image, heif_channel_interleaved);
  const int height = heif_image_get_height(&image, heif_channel_interleaved);
  if (pixels == nullptr || width <= 0 || height <= 0) throw_damaged("it has no pixels");
  const auto row_size = static_cast<std::size_t>(stride);
  const auto columns = static_cast<std::size_t>(width);
  for (int y = 0; y < height; ++y) {
    std::uint8_t* const row = pixels + static_cast<std::size_t>(y) * row_size;
    for (std::size_t x = 0; alpha && x < columns; ++x)
      for (std::size_t c = 0; c < 3; ++c) row[3 * x + c] = before_white(row[4 * x + c], row[4 * x + 3]);
    if (to_srgb) to_srgb.apply({row, 3 * columns}, {row, 3 * columns}, columns);
  }
  return {width, height, row_size, {pixels, row_size * static_cast<std::size_t>(height)}};
}

}  // namespace

bool is_heif(std::string_view bytes) {
  constexpr std::array<std::string_view, 12> kBrands{"heic", "heix", "heim", "heis", "hevc", "hevx",
                                                     "mif1", "mif2", "msf1", "avif", "avis", "miaf"};
  if (bytes.size() < 16 || bytes.substr(4, 4) != "ftyp") return false;
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4; ++i) size = size << 8U | static_cast<unsigned char>(bytes[i]);
  const auto is_known = [&](std::size_t at) {
    return std::ranges::find(kBrands, bytes.substr(at, 4)) != kBrands.end();
  };
  if (is_known(8)) return true;
  // A film has other brands beside these.
  for (std::size_t at = 16; at + 4 <= std::min({size, bytes.size(), std::size_t{256}}); at += 4)
    if (const auto brand = bytes.substr(at, 4); brand == "heic" || brand == "mif1" || brand == "avif") return true;
  return false;
}

ConvertedImage convert_heif(std::string_view bytes) {
  const std::unique_ptr<heif_context, ContextFree> context(heif_context_alloc());
  if (!context) throw std::bad_alloc();
  heif_context_set_max_decoding_threads(context.get(), 1);  // other pictures have the other cores
  check(heif_context_read_from_memory_without_copy(context.get(), bytes.data(), bytes.size(), nullptr), bytes);
  const Handle handle = primary_image(*context, bytes);

  const std::unique_ptr<heif_decoding_options, OptionsFree> options(heif_decoding_options_alloc());
  if (!options) throw std::bad_alloc();
  options->convert_hdr_to_8bit = 1;
  const bool alpha = heif_image_handle_has_alpha_channel(handle.get()) != 0;
  heif_image* decoded = nullptr;
  check(heif_decode_image(handle.get(), &decoded, heif_colorspace_RGB,
                          alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB, options.get()),
        bytes);
  const std::unique_ptr<heif_image, ImageRelease> image(decoded);

  ConvertedImage converted{.jpeg = write_jpeg(finish(*image, alpha, colours_of(*handle)), kHeifQuality),
                           .had_position = has_position(*handle),
                           .note = "is a HEIF picture (HEIC, AVIF): packed as JPEG, upright and in sRGB"};
  if (const int pictures = heif_context_get_number_of_top_level_images(context.get()); pictures > 1)
    converted.note += fmt::format("; of its {} pictures the main one", pictures);
  return converted;
}

}  // namespace pipeline::media
