#include "look.h"

#include "pipeline/media/image.h"
#include "pipeline/media/perceptual_hash.h"

#include "jpeg_decompressor.h"
#include "jpeg_writer.h"

#include <algorithm>

namespace pipeline::media {
namespace {

constexpr auto kAcross = static_cast<std::size_t>(kLookSide);
constexpr std::size_t kPixels = kAcross * kAcross;
constexpr int kQuality = 90;

// A quarter of each neighbour and half of the middle, along one direction.
void smooth_along(std::vector<std::uint8_t>& pixels, std::size_t step, std::size_t across) {
  for (std::size_t line = 0; line < kAcross; ++line) {
    std::uint8_t* const first = pixels.data() + line * across;
    unsigned before = *first;
    for (std::size_t i = 0; i < kAcross; ++i) {
      std::uint8_t& here = first[i * step];
      const unsigned behind = i + 1 < kAcross ? first[(i + 1) * step] : here;
      const unsigned was = here;
      here = static_cast<std::uint8_t>((before + 2 * was + behind + 2) / 4);
      before = was;
    }
  }
}

// A box leaves what is finer than a pixel in it; shifted by a part of a pixel it would look otherwise.
std::vector<std::uint8_t> smoothed(std::span<const std::uint8_t> plane) {
  std::vector<std::uint8_t> pixels(plane.begin(), plane.end());
  smooth_along(pixels, 1, kAcross);
  smooth_along(pixels, kAcross, 1);
  return pixels;
}

// ITU-R BT.601, as JPEG has it, in 1/65536.
std::uint8_t mixed(const std::uint8_t* rgb, int red, int green, int blue, int offset) {
  const int level = (rgb[0] * red + rgb[1] * green + rgb[2] * blue + (offset << 16) + (1 << 15)) >> 16;
  return static_cast<std::uint8_t>(std::clamp(level, 0, 255));
}

}  // namespace

Plane halved(const Plane& plane) {
  Plane half{plane.side / 2, {}};
  for (std::size_t y = 0; y < plane.side; y += 2)
    for (std::size_t x = 0; x < plane.side; x += 2)
      half.levels.push_back((plane.at(x, y) + plane.at(x + 1, y) + plane.at(x, y + 1) + plane.at(x + 1, y + 1)) / 4);
  return half;
}

Appearance appearance_of(const YcbcrSquares& planes) {
  const auto luma = smoothed(planes.luma);
  const auto blue = smoothed(planes.blue);
  const auto red = smoothed(planes.red);
  std::vector<std::uint8_t> pixels;
  pixels.reserve(3 * kPixels);
  for (std::size_t i = 0; i < kPixels; ++i) pixels.insert(pixels.end(), {luma[i], blue[i], red[i]});
  return {perceptual_hash({kLookSide, kLookSide, planes.luma}),
          write_jpeg({kLookSide, kLookSide, 3 * kAcross, pixels, PixelRows::Colours::ycbcr}, kQuality)};
}

Appearance appearance_of(std::span<const std::uint8_t> rgb) {
  std::vector<std::uint8_t> luma;
  std::vector<std::uint8_t> blue;
  std::vector<std::uint8_t> red;
  for (auto* const plane : {&luma, &blue, &red}) plane->reserve(kPixels);
  for (std::size_t i = 0; i < rgb.size(); i += 3) {
    luma.push_back(mixed(&rgb[i], 19595, 38470, 7471, 0));
    blue.push_back(mixed(&rgb[i], -11059, -21709, 32768, 128));
    red.push_back(mixed(&rgb[i], 32768, -27439, -5329, 128));
  }
  return appearance_of(YcbcrSquares{luma, blue, red});
}

std::optional<Looked> read_look(std::string_view look) {
  try {
    JpegDecompressor decompressor(look);
    jpeg_decompress_struct& jpeg = decompressor.get();
    decompressor.attempt([&] { jpeg_read_header(&jpeg, TRUE); });
    if (jpeg.image_width != kAcross || jpeg.image_height != kAcross || jpeg.num_components != 3) return std::nullopt;
    jpeg.out_color_space = JCS_YCbCr;
    decompressor.attempt([&] { jpeg_start_decompress(&jpeg); });
    Plane luma{kAcross, {}};
    Plane blue{kAcross, {}};
    Plane red{kAcross, {}};
    std::vector<std::uint8_t> row(3 * kAcross);
    while (jpeg.output_scanline < jpeg.output_height) {
      JSAMPROW target = row.data();
      decompressor.attempt([&] { jpeg_read_scanlines(&jpeg, &target, 1); });
      for (std::size_t i = 0; i < row.size(); i += 3) {
        luma.levels.push_back(row[i]);
        blue.levels.push_back(row[i + 1]);
        red.levels.push_back(row[i + 2]);
      }
    }
    return Looked{std::move(luma), halved(blue), halved(red)};
  } catch (const ImageError&) {
    return std::nullopt;
  }
}

}  // namespace pipeline::media
