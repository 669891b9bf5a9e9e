#include "sdr_mapper.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

extern "C" {
#include <libavutil/frame.h>
}

namespace pipeline::media {
namespace {

constexpr float kWhite = 203;      // cd/m²
constexpr float kHlgPeak = 1000;   // of the screen that HLG is graded on
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
      return std::pow(hlg_light(code), kHlgGamma) * double{kHlgPeak / kWhite};
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

// Light goes straight up to here, then ever flatter towards 1.
constexpr float kKnee = 0.96F;
float bent(float light) {
  return kKnee + (1 - kKnee) * (1 - std::exp((kKnee - light) / (1 - kKnee)));
}

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
  return colours;
}

SdrMapper::SdrMapper(WideColours colours) : colours_(colours) {
  constexpr double kLast = kTable - 1;
  for (std::size_t i = 0; i < kTable; ++i) {
    const double part = static_cast<double>(i) / kLast;
    light_.push_back(static_cast<float>(light_of_code(colours.transfer, part)));
    code_.push_back(static_cast<std::uint8_t>(std::lround(255 * std::pow(part, 2 / kGamma))));
  }
  const double of_red = colours.matrix_of_bt2020 ? 0.2627 : 0.2126;
  const double of_blue = colours.matrix_of_bt2020 ? 0.0593 : 0.0722;
  const double of_green = 1 - of_red - of_blue;
  const auto entries = [](double share) { return static_cast<float>(share * kTable / 1024); };
  tints_ = {entries(2 * (1 - of_red)), entries(-2 * of_blue * (1 - of_blue) / of_green),
            entries(-2 * of_red * (1 - of_red) / of_green), entries(2 * (1 - of_blue))};
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

SdrMapper::Tint SdrMapper::tint_of(int cb, int cr) const noexcept {
  const auto blue = static_cast<float>(cb - 512);
  const auto red = static_cast<float>(cr - 512);
  return {static_cast<int>(tints_[0] * red), static_cast<int>(tints_[1] * blue + tints_[2] * red),
          static_cast<int>(tints_[3] * blue)};
}

// In BT.709; what lies outside of it ends at its border.
std::array<float, 3> SdrMapper::light_of(int luma, const Tint& tint) const {
  const auto at = [&](int entry) { return light_[static_cast<std::size_t>(std::clamp(entry, 0, int{kTable} - 1))]; };
  const float red = at(4 * luma + tint.red);
  const float green = at(4 * luma + tint.green);
  const float blue = at(4 * luma + tint.blue);
  const auto& m = to_bt709_;
  return {std::max(0.0F, m[0] * red + m[1] * green + m[2] * blue),
          std::max(0.0F, m[3] * red + m[4] * green + m[5] * blue),
          std::max(0.0F, m[6] * red + m[7] * green + m[8] * blue)};
}

std::array<int, 3> SdrMapper::codes_of(int luma, const Tint& tint) const {
  constexpr float kLast = kTable - 1;
  const auto light = light_of(luma, tint);
  float scale = exposure_;
  if (colours_.transfer != WideColours::Transfer::ordinary)
    if (const float brightest = std::max({light[0], light[1], light[2]}) * exposure_; brightest > kKnee)
      scale *= bent(brightest) / brightest;
  const auto code = [&](float of) {
    return int{code_[static_cast<std::size_t>(std::sqrt(std::min(1.0F, of * scale)) * kLast + 0.5F)]};
  };
  return {code(light[0]), code(light[1]), code(light[2])};
}

namespace {

const std::uint16_t* row_of(const AVFrame& coded, int plane, int y) {
  return reinterpret_cast<const std::uint16_t*>(coded.data[plane] + std::ptrdiff_t{y} * coded.linesize[plane]);
}

std::uint8_t byte(int value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
}

}  // namespace

void SdrMapper::expose(const AVFrame& coded) {
  if (colours_.transfer == WideColours::Transfer::ordinary) return;
  constexpr int kStep = 8;
  constexpr float kHighlight = 0.75F;  // that twentieth is bright itself: white lies somewhat below it
  constexpr float kMostWhite = kHlgPeak / kWhite;
  std::vector<float> brightest;
  for (int y = 0; y < coded.height; y += kStep)
    for (int x = 0; x < coded.width; x += kStep) {
      const Tint tint = tint_of(row_of(coded, 1, y / 2)[x / 2], row_of(coded, 2, y / 2)[x / 2]);
      const auto light = light_of(row_of(coded, 0, y)[x], tint);
      brightest.push_back(std::max({light[0], light[1], light[2]}));
    }
  const auto twentieth = brightest.begin() + static_cast<std::ptrdiff_t>(brightest.size() * 19 / 20);
  std::ranges::nth_element(brightest, twentieth);
  exposure_ = 1 / std::clamp(kHighlight * *twentieth, 1.0F, kMostWhite);
}

// Four pixels share a tint, and give one.
void SdrMapper::map(const AVFrame& coded, AVFrame& picture) {
  expose(coded);
  for (int y = 0; y < coded.height; y += 2)
    for (int x = 0; x < coded.width; x += 2) {
      const Tint tint = tint_of(row_of(coded, 1, y / 2)[x / 2], row_of(coded, 2, y / 2)[x / 2]);
      std::array<int, 3> sum{};
      int pixels = 0;
      for (int row = y; row < std::min(y + 2, coded.height); ++row)
        for (int column = x; column < std::min(x + 2, coded.width); ++column, ++pixels) {
          const auto [red, green, blue] = codes_of(row_of(coded, 0, row)[column], tint);
          // ITU-R BT.601, as JPEG has it.
          picture.data[0][std::ptrdiff_t{row} * picture.linesize[0] + column] =
              byte((red * 19595 + green * 38470 + blue * 7471 + 32768) >> 16);
          sum = {sum[0] + red, sum[1] + green, sum[2] + blue};
        }
      const auto [red, green, blue] = sum;
      picture.data[1][std::ptrdiff_t{y / 2} * picture.linesize[1] + x / 2] =
          byte(128 + (-red * 11059 - green * 21709 + blue * 32768) / (65536 * pixels));
      picture.data[2][std::ptrdiff_t{y / 2} * picture.linesize[2] + x / 2] =
          byte(128 + (red * 32768 - green * 27439 - blue * 5329) / (65536 * pixels));
    }
}

}  // namespace pipeline::media
