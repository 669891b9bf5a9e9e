#include "sdr_mapper.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

extern "C" {
#include <libavutil/frame.h>
#include <libavutil/mastering_display_metadata.h>
}

namespace pipeline::media {
namespace {

constexpr float kWhite = 203;      // cd/m²
constexpr float kPeak = 1000;      // of the screen that HLG is graded on, and PQ that does not say
constexpr double kHlgGamma = 1.2;  // of that screen; for each channel by itself, as zimg has it
constexpr double kGamma = 2.4;     // ITU-R BT.1886

// SMPTE ST 2084, in cd/m².
double pq_light(double code) {
  constexpr double kM1 = 2610.0 / 16384;
  constexpr double kM2 = 2523.0 / 4096 * 128;
  constexpr double kC1 = 3424.0 / 4096;
  constexpr double kC2 = 2413.0 / 4096 * 32;
  constexpr double kC3 = 2392.0 / 4096 * 32;
  const double root = std::pow(code, 1 / kM2);
  return 10'000 * std::pow(std::max(0.0, root - kC1) / (kC2 - kC3 * root), 1 / kM1);
}

// ITU-R BT.2100: the scene's light, 1 at the most.
double hlg_light(double code) {
  constexpr double kA = 0.17883277;
  constexpr double kB = 1 - 4 * kA;
  const double c = 0.5 - kA * std::log(4 * kA);
  return code <= 0.5 ? code * code / 3 : (std::exp((code - c) / kA) + kB) / 12;
}

double light_of_code(WideColours::Transfer transfer, double code) {
  switch (transfer) {
    case WideColours::Transfer::pq:
      return pq_light(code) / double{kWhite};
    case WideColours::Transfer::hlg:
      return std::pow(hlg_light(code), kHlgGamma) * double{kPeak / kWhite};
    case WideColours::Transfer::ordinary:
      break;
  }
  return std::pow(code, kGamma);
}

// Light to light; white stays white.
constexpr std::array<float, 9> kOfBt2020{1.660491F,  -0.587641F, -0.072850F, -0.124550F, 1.132900F,
                                         -0.008349F, -0.018151F, -0.100579F, 1.118730F};
constexpr std::array<float, 9> kOfP3{1.224940F, -0.224940F, 0.000000F,  -0.042057F, 1.042057F,
                                     0.000000F, -0.019638F, -0.078636F, 1.098274F};
constexpr std::array<float, 9> kOfBt709{1, 0, 0, 0, 1, 0, 0, 0, 1};

}  // namespace

WideColours colours_of(const AVFrame& frame) noexcept {
  WideColours colours;
  if (frame.color_trc == AVCOL_TRC_SMPTE2084) colours.transfer = WideColours::Transfer::pq;
  if (frame.color_trc == AVCOL_TRC_ARIB_STD_B67) colours.transfer = WideColours::Transfer::hlg;
  if (frame.color_primaries == AVCOL_PRI_BT2020) colours.primaries = WideColours::Primaries::bt2020;
  if (frame.color_primaries == AVCOL_PRI_SMPTE432) colours.primaries = WideColours::Primaries::p3;
  const bool hdr = colours.transfer != WideColours::Transfer::ordinary;
  if (hdr && frame.color_primaries == AVCOL_PRI_UNSPECIFIED) colours.primaries = WideColours::Primaries::bt2020;
  colours.matrix_of_bt2020 = frame.colorspace != AVCOL_SPC_BT709 && colours.primaries == WideColours::Primaries::bt2020;
  if (const AVFrameSideData* said = av_frame_get_side_data(&frame, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL); hdr && said)
    colours.brightest = reinterpret_cast<const AVContentLightMetadata*>(said->data)->MaxCLL;
  return colours;
}

SdrMapper::SdrMapper(WideColours colours) : colours_(colours) {
  constexpr double kLast = kTable - 1;
  for (std::size_t i = 0; i < kTable; ++i) {
    const double part = static_cast<double>(i) / kLast;
    light_.push_back(static_cast<float>(light_of_code(colours.transfer, part)));
  }
  for (std::size_t i = 0; i < kLevels; ++i)
    code_.push_back(static_cast<std::uint8_t>(
        std::lround(255 * std::pow(static_cast<double>(i) / (double{kLevels} - 1), 1 / kGamma))));
  const double of_red = colours.matrix_of_bt2020 ? 0.2627 : 0.2126;
  const double of_blue = colours.matrix_of_bt2020 ? 0.0593 : 0.0722;
  const double of_green = 1 - of_red - of_blue;
  const double chroma = colours.full_range ? 1023 : 896;
  luma_ = colours.full_range ? entries_of(0, 1023, 1) : entries_of(64, 876, 1);
  red_of_cr_ = entries_of(512, chroma, 2 * (1 - of_red));
  green_of_cb_ = entries_of(512, chroma, -2 * of_blue * (1 - of_blue) / of_green);
  green_of_cr_ = entries_of(512, chroma, -2 * of_red * (1 - of_red) / of_green);
  blue_of_cb_ = entries_of(512, chroma, 2 * (1 - of_blue));
  switch (colours.primaries) {
    case WideColours::Primaries::bt2020:
      to_bt709_ = kOfBt2020;
      break;
    case WideColours::Primaries::p3:
      to_bt709_ = kOfP3;
      break;
    case WideColours::Primaries::bt709:
      to_bt709_ = kOfBt709;
  }
}

// `last` codes from `middle` on are `share` of the table.
SdrMapper::Entries SdrMapper::entries_of(int middle, double last, double share) {
  Entries entries{};
  for (std::size_t code = 0; code < kCodes; ++code)
    entries[code] =
        static_cast<int>(std::lround((static_cast<int>(code) - middle) / last * share * (double{kTable} - 1)));
  return entries;
}

namespace {

const std::uint16_t* row_of(const AVFrame& coded, int plane, int y) {
  return reinterpret_cast<const std::uint16_t*>(coded.data[plane] + std::ptrdiff_t{y} * coded.linesize[plane]);
}

std::uint8_t byte(int value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
}

// In BT.709; what lies beyond its border has a channel below zero.
void to_bt709(const std::array<float, 9>& m, std::vector<float>& reds, std::vector<float>& greens,
              std::vector<float>& blues) {
  float* const r = reds.data();
  float* const g = greens.data();
  float* const b = blues.data();
  for (std::size_t x = 0; x < reds.size(); ++x) {
    const float red = r[x];
    const float green = g[x];
    const float blue = b[x];
    r[x] = m[0] * red + m[1] * green + m[2] * blue;
    g[x] = m[3] * red + m[4] * green + m[5] * blue;
    b[x] = m[6] * red + m[7] * green + m[8] * blue;
  }
}

}  // namespace

// The light of a row, or of every so many pixels of it.
void SdrMapper::read_row(const AVFrame& coded, int y, int step) {
  const std::uint16_t* const luma = row_of(coded, 0, y);
  const std::uint16_t* const cb = row_of(coded, 1, y / 2);
  const std::uint16_t* const cr = row_of(coded, 2, y / 2);
  const float* const light = light_.data();
  const auto size = static_cast<std::size_t>((coded.width + step - 1) / step);
  for (Channel* channel : {&red_, &green_, &blue_}) channel->light.resize(size);
  float* const red = red_.light.data();
  float* const green = green_.light.data();
  float* const blue = blue_.light.data();
  const auto at = [&](int entry) { return light[std::clamp(entry, 0, int{kTable} - 1)]; };
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t x = i * static_cast<std::size_t>(step);
    const std::size_t blueness = cb[x / 2] % kCodes;  // a code has ten bits
    const std::size_t redness = cr[x / 2] % kCodes;
    const int grey = luma_[luma[x] % kCodes];
    red[i] = at(grey + red_of_cr_[redness]);
    green[i] = at(grey + green_of_cb_[blueness] + green_of_cr_[redness]);
    blue[i] = at(grey + blue_of_cb_[blueness]);
  }
  to_bt709(to_bt709_, red_.light, green_.light, blue_.light);
}

void SdrMapper::expose(const AVFrame& coded) {
  constexpr int kStep = 8;
  constexpr float kMostDrawn = 0.03F;
  constexpr float kMany = 0.05F;
  std::vector<float> brightest;
  std::size_t beyond = 0;
  for (int y = 0; y < coded.height; y += kStep) {
    read_row(coded, y, kStep);
    for (std::size_t i = 0; i < red_.light.size(); ++i) {
      const auto [least, most] = std::minmax({red_.light[i], green_.light[i], blue_.light[i]});
      brightest.push_back(most);
      if (least < 0) ++beyond;
    }
  }
  const float share = static_cast<float>(beyond) / static_cast<float>(brightest.size());
  drawn_to_border_ = kMostDrawn * std::min(1.0F, share / kMany);
  if (colours_.transfer != WideColours::Transfer::ordinary) white_ = white_of(brightest);
}

// Of the brightest channels of a frame's pixels.
float SdrMapper::white_of(std::vector<float>& brightest) const {
  constexpr float kLeastWhite = 80 / kWhite;
  constexpr float kMostWhite = kPeak / kWhite;
  constexpr float kBright = 1.4F;  // half of a frame: it may be a field of snow
  constexpr float kPeakAsWhite = 2.2F;
  const auto reached_by = [&](double part) {
    const auto at = brightest.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(brightest.size()));
    std::ranges::nth_element(brightest, at);
    return *at;
  };
  const float peak = colours_.brightest > 0 ? static_cast<float>(colours_.brightest) / kWhite : kMostWhite;
  const float white = std::clamp(reached_by(2.0 / 3), std::clamp(peak, kLeastWhite, 1.0F), kMostWhite);
  const float at_peak = std::clamp((reached_by(0.5) - kBright) / (kPeakAsWhite - kBright), 0.0F, 1.0F);
  return white + at_peak * (std::clamp(peak, white, kMostWhite) - white);
}

// What is brighter than white keeps its hue. What is drawn to the border is so from a line that is straight and steeper
// than before, up to three times as far from the border, where it meets what stays.
void SdrMapper::encode_row(std::size_t row) {
  constexpr float kLast = kLevels - 1;
  constexpr float kSteeper = 1.5F;
  const std::size_t size = red_.light.size();
  scale_.resize(size);
  nothing_.resize(size);
  const float* const red = red_.light.data();
  const float* const green = green_.light.data();
  const float* const blue = blue_.light.data();
  float* const scale = scale_.data();
  float* const nothing = nothing_.data();
  const float white = white_;
  const float drawn = drawn_to_border_;
  for (std::size_t x = 0; x < size; ++x) {
    const float most = std::max(std::max(red[x], green[x]), blue[x]);
    scale[x] = kLast / std::max(white, most);
    nothing[x] = drawn * most;
  }
  for (Channel* channel : {&red_, &green_, &blue_}) {
    channel->code[row].resize(size);
    const float* const light = channel->light.data();
    std::uint8_t* const code = channel->code[row].data();
    const std::uint8_t* const codes = code_.data();
    for (std::size_t x = 0; x < size; ++x) {
      const float seen = std::max(0.0F, std::min(light[x], kSteeper * (light[x] - nothing[x])));
      code[x] = codes[static_cast<std::int32_t>(seen * scale[x] + 0.5F)];
    }
  }
}

// ITU-R BT.601, as JPEG has it. Four pixels share a tint, and give one; at the right and the lower edge some count
// twice.
void SdrMapper::map(const AVFrame& coded, AVFrame& picture) {
  expose(coded);
  const auto width = static_cast<std::size_t>(coded.width);
  for (int y = 0; y < coded.height; y += 2) {
    for (std::size_t row = 0; row < 2; ++row) {
      const int of_frame = std::min(y + static_cast<int>(row), coded.height - 1);
      read_row(coded, of_frame, 1);
      encode_row(row);
      const std::uint8_t* const red = red_.code[row].data();
      const std::uint8_t* const green = green_.code[row].data();
      const std::uint8_t* const blue = blue_.code[row].data();
      std::uint8_t* const luma = picture.data[0] + std::ptrdiff_t{of_frame} * picture.linesize[0];
      for (std::size_t x = 0; x < width; ++x)
        luma[x] = static_cast<std::uint8_t>((red[x] * 19595 + green[x] * 38470 + blue[x] * 7471 + 32768) >> 16);
    }
    std::uint8_t* const cb = picture.data[1] + std::ptrdiff_t{y / 2} * picture.linesize[1];
    std::uint8_t* const cr = picture.data[2] + std::ptrdiff_t{y / 2} * picture.linesize[2];
    for (std::size_t x = 0; x < width; x += 2) {
      const std::size_t next = std::min(x + 1, width - 1);
      const auto sum = [&](const Channel& of) {
        return of.code[0][x] + of.code[0][next] + of.code[1][x] + of.code[1][next];
      };
      const int red = sum(red_);
      const int green = sum(green_);
      const int blue = sum(blue_);
      constexpr int kMiddle = (128 << 18) + (1 << 17);  // and a half, which rounds
      cb[x / 2] = byte((kMiddle - red * 11059 - green * 21709 + blue * 32768) >> 18);
      cr[x / 2] = byte((kMiddle + red * 32768 - green * 27439 - blue * 5329) >> 18);
    }
  }
}

}  // namespace pipeline::media
