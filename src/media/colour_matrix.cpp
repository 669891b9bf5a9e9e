#include "colour_matrix.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

extern "C" {
#include <libavutil/frame.h>
#include <libavutil/pixdesc.h>
}

namespace pipeline::media {
namespace {

// The share of red and blue in luma.
struct Weights {
  double red;
  double blue;
  [[nodiscard]] double green() const { return 1 - red - blue; }
};
constexpr Weights kBt601{0.299, 0.114};
constexpr Weights kBt709{0.2126, 0.0722};
constexpr Weights kBt2020{0.2627, 0.0593};
constexpr Weights kSmpte240m{0.212, 0.087};

constexpr int kHdHeight = 720;  // a video that does not say is BT.709 from here on, as players take it

std::optional<Weights> weights_of(const AVFrame& source) {
  const AVPixFmtDescriptor* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(source.format));
  if (format == nullptr || (format->flags & AV_PIX_FMT_FLAG_RGB) != 0) return std::nullopt;  // converted by swscale
  switch (source.colorspace) {
    case AVCOL_SPC_BT709:
      return kBt709;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
      return kBt2020;
    case AVCOL_SPC_SMPTE240M:
      return kSmpte240m;
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M:
    case AVCOL_SPC_FCC:
      return std::nullopt;
    default:
      break;
  }
  if (std::min(source.width, source.height) >= kHdHeight) return kBt709;
  return std::nullopt;
}

// What Y, Cb and Cr gain of Cb and Cr (of Y nothing: grey stays grey), in 1/65536.
struct Mix {
  int y_of_cb, y_of_cr;
  int cb_of_cb, cb_of_cr;
  int cr_of_cb, cr_of_cr;
};
constexpr int kShift = 16;
constexpr int kHalf = 1 << (kShift - 1);

Mix mix_of(const Weights& from) {
  // The luma that colour differences of the source stand for in the weights of the target.
  const double red = 2 * (1 - from.red);    // R - Y = red * Cr
  const double blue = 2 * (1 - from.blue);  // B - Y = blue * Cb
  const double green_of_cb = -from.blue * blue / from.green();
  const double green_of_cr = -from.red * red / from.green();
  const double y_of_cb = kBt601.blue * blue + kBt601.green() * green_of_cb;
  const double y_of_cr = kBt601.red * red + kBt601.green() * green_of_cr;
  const double to_cb = 1 / (2 * (1 - kBt601.blue));
  const double to_cr = 1 / (2 * (1 - kBt601.red));
  const auto fixed = [](double value) { return static_cast<int>(std::lround(value * (1 << kShift))); };
  return {fixed(y_of_cb),          fixed(y_of_cr),          fixed((blue - y_of_cb) * to_cb),
          fixed(-y_of_cr * to_cb), fixed(-y_of_cb * to_cr), fixed((red - y_of_cr) * to_cr)};
}

std::uint8_t to_byte(int value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
}

void add_to_row(std::uint8_t* row, int width, const std::int16_t* gain) {
  for (int x = 0; x < width / 2; ++x) {
    row[2 * x] = to_byte(row[2 * x] + gain[x]);
    row[2 * x + 1] = to_byte(row[2 * x + 1] + gain[x]);
  }
  if (width % 2 != 0) row[width - 1] = to_byte(row[width - 1] + gain[width / 2]);
}

void mix(AVFrame& picture, const Mix& mix) {
  const int chroma_width = (picture.width + 1) / 2;
  const int chroma_height = (picture.height + 1) / 2;
  std::vector<std::int16_t> luma_gain(static_cast<std::size_t>(chroma_width));
  for (int y = 0; y < chroma_height; ++y) {
    std::uint8_t* cb_row = picture.data[1] + std::ptrdiff_t{y} * picture.linesize[1];
    std::uint8_t* cr_row = picture.data[2] + std::ptrdiff_t{y} * picture.linesize[2];
    for (int x = 0; x < chroma_width; ++x) {
      const int cb = cb_row[x] - 128;
      const int cr = cr_row[x] - 128;
      luma_gain[static_cast<std::size_t>(x)] =
          static_cast<std::int16_t>((mix.y_of_cb * cb + mix.y_of_cr * cr + kHalf) >> kShift);
      cb_row[x] = to_byte(128 + ((mix.cb_of_cb * cb + mix.cb_of_cr * cr + kHalf) >> kShift));
      cr_row[x] = to_byte(128 + ((mix.cr_of_cb * cb + mix.cr_of_cr * cr + kHalf) >> kShift));
    }
    for (int row = 2 * y; row < std::min(2 * y + 2, picture.height); ++row)
      add_to_row(picture.data[0] + std::ptrdiff_t{row} * picture.linesize[0], picture.width, luma_gain.data());
  }
}

}  // namespace

void to_jpeg_colours(AVFrame& picture, const AVFrame& source) {
  if (const auto weights = weights_of(source)) mix(picture, mix_of(*weights));
}

}  // namespace pipeline::media
