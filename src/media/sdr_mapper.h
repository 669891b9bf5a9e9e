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
  bool full_range = false;        // black is 0 and white the last code; else 16 and 235 of 255
  unsigned brightest = 0;         // of the whole film, in cd/m² (MaxCLL of CTA-861.3); 0: it does not say
  friend bool operator==(const WideColours&, const WideColours&) = default;
  [[nodiscard]] bool is_ordinary() const noexcept {
    return transfer == Transfer::ordinary && primaries == Primaries::bt709;
  }
};
[[nodiscard]] WideColours colours_of(const AVFrame& frame) noexcept;

// Maps such colours to those of an ordinary screen: light to light, in a straight line. White is what HDR's white is,
// 203 cd/m² (ITU-R BT.2408), or the brightest of a film that says it has nothing as bright. Where more than a third of
// a frame shines brighter (a sky), it is what that third begins at; where half of it shines much brighter, the film's
// white is at its peak. What is brighter still becomes as bright as white with its hue kept. Works on tables made once.
// One thread at a time.
//
// The full colours of an ordinary screen lie well within wide gamut, where a code more or less of the coder's is a
// visible tint: pure green becomes green with some red. Where many pixels lie beyond the ordinary screen's border, its
// full colours are what the frame shows, and what was left just within the border is drawn to it.
class SdrMapper {
 public:
  explicit SdrMapper(WideColours colours);
  [[nodiscard]] WideColours colours() const noexcept { return colours_; }

  // A frame of yuv420p10, as coded, to one of yuvj420p, as a JPEG takes it.
  void map(const AVFrame& coded, AVFrame& picture);

 private:
  static constexpr std::size_t kTable = 4096;
  static constexpr std::size_t kLevels = 32768;

  static constexpr std::size_t kCodes = 1024;
  using Entries = std::array<int, kCodes>;

  // Of the pixels of a row, and of the row before it.
  struct Channel {
    std::vector<float> light;
    std::array<std::vector<std::uint8_t>, 2> code;
  };
  [[nodiscard]] static Entries entries_of(int middle, double last, double share);
  void read_row(const AVFrame& coded, int y, int step);
  void encode_row(std::size_t row);
  void expose(const AVFrame& coded);
  [[nodiscard]] float white_of(std::vector<float>& brightest) const;

  WideColours colours_;
  std::vector<float> light_;        // of a code, 1 at white
  std::vector<std::uint8_t> code_;  // of a level of light, the last at white
  std::array<float, 9> to_bt709_{};
  Entries luma_{};  // each: what a code of the frame counts in entries of the table
  Entries red_of_cr_{};
  Entries green_of_cb_{};
  Entries green_of_cr_{};
  Entries blue_of_cb_{};
  float white_ = 1;
  float drawn_to_border_ = 0;  // channels up to this part of a pixel's brightest one are nothing
  Channel red_;
  Channel green_;
  Channel blue_;
  std::vector<float> scale_;
  std::vector<float> nothing_;
};

}  // namespace pipeline::media
