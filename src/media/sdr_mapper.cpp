#include "sdr_mapper.h"

#include <algorithm>
#include <cmath>

extern "C" {
#include <libavutil/frame.h>
}

namespace pipeline::media {
namespace {

constexpr double kWhite = 203;     // cd/m²
constexpr double kHlgPeak = 1000;  // of the screen that HLG is graded on
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

double light_of(WideColours::Transfer transfer, double code) {
  switch (transfer) {
    case WideColours::Transfer::pq:
      return pq_light(code) / kWhite;
    case WideColours::Transfer::hlg:
      return std::pow(hlg_light(code), kHlgGamma) * kHlgPeak / kWhite;
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

// Straight up to the knee, then ever flatter towards 1.
float bent(float light) {
  constexpr float kKnee = 0.96F;
  if (light <= kKnee) return light;
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
  return colours;
}

SdrMapper::SdrMapper(WideColours colours) : colours_(colours) {
  constexpr double kLast = kTable - 1;
  for (std::size_t i = 0; i < kTable; ++i) {
    const double part = static_cast<double>(i) / kLast;
    light_.push_back(static_cast<float>(light_of(colours.transfer, part)));
    code_.push_back(static_cast<std::uint8_t>(std::lround(255 * std::pow(part, 2 / kGamma))));
  }
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

void SdrMapper::map(const std::uint16_t* from, std::uint8_t* to, int pixels) const {
  constexpr float kLast = kTable - 1;
  const auto index = [](float light) { return static_cast<std::size_t>(std::sqrt(light) * kLast + 0.5F); };
  const bool hdr = colours_.transfer != WideColours::Transfer::ordinary;
  for (int i = 0; i < pixels; ++i, from += 3, to += 3) {
    const float red = light_[from[0] >> 4U];
    const float green = light_[from[1] >> 4U];
    const float blue = light_[from[2] >> 4U];
    const auto& m = to_bt709_;
    std::array<float, 3> light{std::max(0.0F, m[0] * red + m[1] * green + m[2] * blue),
                               std::max(0.0F, m[3] * red + m[4] * green + m[5] * blue),
                               std::max(0.0F, m[6] * red + m[7] * green + m[8] * blue)};
    const float brightest = std::max({light[0], light[1], light[2]});
    const float scale = hdr && brightest > 0 ? bent(brightest) / brightest : 1;
    for (std::size_t c = 0; c < 3; ++c) to[c] = code_[index(std::min(1.0F, light[c] * scale))];
  }
}

}  // namespace pipeline::media
