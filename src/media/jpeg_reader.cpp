#include "box_scaler.h"
#include "colour_profile.h"
#include "jpeg_decompressor.h"
#include "jpeg_tail.h"
#include "reader.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace pipeline::media {
namespace {

// Enough rows and columns for the thumbnail to be smooth.
constexpr unsigned kSmallestSide = kThumbnailSide * 3 / 2;

// The largest of libjpeg's fast reductions that leaves enough of the picture.
unsigned reduction(unsigned width, unsigned height) {
  for (const unsigned denominator : {8U, 4U, 2U})
    if (std::min(width, height) / denominator >= kSmallestSide) return denominator;
  return 1;
}

// Without a profile. Adobe stores ink as its complement; without its marker 255 is full ink.
std::vector<std::uint8_t> rgb_of_cmyk(std::span<const std::uint8_t> cmyk, bool inverted) {
  std::vector<std::uint8_t> rgb;
  rgb.reserve(cmyk.size() / 4 * 3);
  const auto light = [&](std::size_t at) { return inverted ? cmyk[at] : 255U - cmyk[at]; };
  for (std::size_t pixel = 0; pixel < cmyk.size(); pixel += 4)
    for (std::size_t ink = 0; ink < 3; ++ink)
      rgb.push_back(static_cast<std::uint8_t>(light(pixel + ink) * light(pixel + 3) / 255));
  return rgb;
}

std::string profile_of(JpegDecompressor& decompressor) {
  struct Free {
    void operator()(JOCTET* bytes) const noexcept { std::free(bytes); }  // NOLINT: libjpeg's
  };
  JOCTET* bytes = nullptr;
  unsigned size = 0;
  decompressor.attempt([&] { jpeg_read_icc_profile(&decompressor.get(), &bytes, &size); });
  const std::unique_ptr<JOCTET, Free> owned(bytes);
  return {reinterpret_cast<const char*>(bytes), bytes == nullptr ? 0 : size};
}

// The thumbnail as it is seen, in sRGB.
std::vector<std::uint8_t> as_seen(std::vector<std::uint8_t> pixels, const std::string& profile,
                                  const jpeg_decompress_struct& jpeg) {
  const bool inverted = jpeg.saw_Adobe_marker != FALSE;
  if (jpeg.out_color_space == JCS_RGB) {
    ToSrgb::of_profile(profile).apply(pixels, pixels, pixels.size() / 3);
    return pixels;
  }
  const ToSrgb to_srgb = ToSrgb::of_profile(profile, inverted ? ToSrgb::Layout::inverted_cmyk : ToSrgb::Layout::cmyk);
  if (!to_srgb) return rgb_of_cmyk(pixels, inverted);
  std::vector<std::uint8_t> rgb(pixels.size() / 4 * 3);
  to_srgb.apply(pixels, rgb, pixels.size() / 4);
  return rgb;
}

// Whether all coefficients came to their last bit: a progressive file that ends between two scans shows less.
bool is_whole(const jpeg_decompress_struct& jpeg) {
  if (jpeg.progressive_mode == FALSE || jpeg.coef_bits == nullptr) return true;
  for (int component = 0; component < jpeg.num_components; ++component)
    if (std::ranges::any_of(std::span(jpeg.coef_bits[component], DCTSIZE2), [](int bits) { return bits != 0; }))
      return false;
  return true;
}

enum class End { there, forgotten };

Decoded decode(std::string_view bytes, End end) {
  JpegDecompressor decompressor(bytes);
  jpeg_decompress_struct& jpeg = decompressor.get();
  decompressor.attempt([&] {
    jpeg_save_markers(&jpeg, JPEG_APP0 + 2, 0xFFFF);
    jpeg_read_header(&jpeg, TRUE);
  });
  check_dimensions(jpeg.image_width, jpeg.image_height);

  const std::string profile = profile_of(decompressor);
  const bool cmyk = jpeg.jpeg_color_space == JCS_CMYK || jpeg.jpeg_color_space == JCS_YCCK;
  jpeg.out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
  jpeg.scale_num = 1;
  jpeg.scale_denom = reduction(jpeg.image_width, jpeg.image_height);
  decompressor.attempt([&] { jpeg_start_decompress(&jpeg); });

  BoxScaler scaler(static_cast<int>(jpeg.output_width), static_cast<int>(jpeg.output_height), kThumbnailSide,
                   jpeg.output_components);
  std::vector<std::uint8_t> row(std::size_t{jpeg.output_width} * static_cast<std::size_t>(jpeg.output_components));
  while (jpeg.output_scanline < jpeg.output_height) {
    const int y = static_cast<int>(jpeg.output_scanline);
    JSAMPROW target = row.data();
    decompressor.attempt([&] { jpeg_read_scanlines(&jpeg, &target, 1); });
    scaler.add_row(y, row);
  }
  const bool whole = is_whole(jpeg);
  decompressor.attempt([&] { jpeg_finish_decompress(&jpeg); });
  if (end == End::forgotten && !whole) throw_cut_short(bytes);
  return {static_cast<int>(jpeg.image_width), static_cast<int>(jpeg.image_height),
          as_seen(scaler.pixels(), profile, jpeg),
          decompressor.has_stray_bytes() ? "has stray bytes between its parts; every pixel is there" : ""};
}

}  // namespace

Decoded read_jpeg(std::string_view bytes) {
  try {
    return decode(bytes, End::there);
  } catch (const ImageError&) {
    // Some cameras forget the end marker, before what they append or altogether. With it, libjpeg finds out whether a
    // pixel is missing.
    constexpr std::string_view kEnd = "\xFF\xD9";
    const std::string_view picture = bytes.substr(0, find_jpeg_tail(bytes));
    if (picture.ends_with(kEnd)) throw;
    try {
      Decoded decoded = decode(std::string(picture).append(kEnd), End::forgotten);
      decoded.note = picture.size() < bytes.size()
                         ? "has no end marker before what is appended to it; every pixel is there"
                         : "has no end marker; every pixel is there";
      return decoded;
    } catch (const ImageError&) {
      // The first reason is the true one.
    }
    throw;
  }
}

}  // namespace pipeline::media
