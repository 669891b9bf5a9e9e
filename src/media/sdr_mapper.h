#pragma once

#include "libav.h"

#include <array>
#include <cstdint>
#include <vector>

namespace pipeline::media {

// What a film's colours are coded as, where that is more than an ordinary (BT.709) screen shows.
struct WideColours {
  enum class Transfer { ordinary, pq, hlg } transfer = Transfer::ordinary;  // PQ: SMPTE ST 2084; HLG: ARIB STD-B67
  enum class Primaries { bt709, bt2020, p3 } primaries = Primaries::bt709;
  friend bool operator==(const WideColours&, const WideColours&) = default;
  [[nodiscard]] bool is_ordinary() const noexcept { return *this == WideColours{}; }
};
[[nodiscard]] WideColours colours_of(const AVFrame& frame) noexcept;

// Maps such colours to those of an ordinary screen: white at 203 cd/m² (ITU-R BT.2408) stays white, and what shines
// brighter is bent below it with its hue kept. Works on tables made once. One thread at a time.
class SdrMapper {
 public:
  explicit SdrMapper(WideColours colours);
  [[nodiscard]] WideColours colours() const noexcept { return colours_; }

  // One row of 16-bit RGB, as coded, to 8-bit RGB.
  void map(const std::uint16_t* from, std::uint8_t* to, int pixels) const;

 private:
  static constexpr std::size_t kTable = 4096;

  WideColours colours_;
  std::vector<float> light_;        // of a code, 1 at white
  std::vector<std::uint8_t> code_;  // by the root of the light
  std::array<float, 9> to_bt709_{};
};

}  // namespace pipeline::media
