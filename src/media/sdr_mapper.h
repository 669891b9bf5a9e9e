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
  bool matrix_of_bt2020 = false;  // how red, green and blue are mixed; else BT.709's
  friend bool operator==(const WideColours&, const WideColours&) = default;
  [[nodiscard]] bool is_ordinary() const noexcept {
    return transfer == Transfer::ordinary && primaries == Primaries::bt709;
  }
};
[[nodiscard]] WideColours colours_of(const AVFrame& frame) noexcept;

// Maps such colours to those of an ordinary screen. White is what HDR's white is, 203 cd/m² (ITU-R BT.2408); where more
// than a twentieth of a frame shines brighter, such as a sky, it is what that twentieth begins at. What is brighter
// still is bent below white with its hue kept. Works on tables made once. One thread at a time.
class SdrMapper {
 public:
  explicit SdrMapper(WideColours colours);
  [[nodiscard]] WideColours colours() const noexcept { return colours_; }

  // A frame of yuv420p10 in full range, as coded, to one of yuvj420p, as a JPEG takes it.
  void map(const AVFrame& coded, AVFrame& picture);

 private:
  static constexpr std::size_t kTable = 4096;

  // What Cb and Cr add to red, green and blue, in entries of the table.
  struct Tint {
    int red = 0;
    int green = 0;
    int blue = 0;
  };
  [[nodiscard]] Tint tint_of(int cb, int cr) const noexcept;
  [[nodiscard]] std::array<float, 3> light_of(int luma, const Tint& tint) const;
  [[nodiscard]] std::array<int, 3> codes_of(int luma, const Tint& tint) const;
  void expose(const AVFrame& coded);

  WideColours colours_;
  std::vector<float> light_;        // of a code, 1 at white
  std::vector<std::uint8_t> code_;  // by the root of the light
  std::array<float, 9> to_bt709_{};
  std::array<float, 4> tints_{};  // of red by Cr, of green by Cb and Cr, of blue by Cb
  float exposure_ = 1;
};

}  // namespace pipeline::media
