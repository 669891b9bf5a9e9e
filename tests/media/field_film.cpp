#include "field_film.h"

#include <bit>
#include <cstdint>
#include <initializer_list>

// ITU-T H.264, sections 7.3 and 7.4: what is written is the least that a decoder needs.
namespace pipeline::media::made {
namespace {

constexpr unsigned kColumns = 8;  // of macroblocks
constexpr unsigned kRows = 4;     // in a field

class Bits {
 public:
  void u(unsigned bits, unsigned value) {
    for (unsigned i = bits; i > 0; --i) put((value >> (i - 1)) & 1U);
  }
  void ue(unsigned value) {  // Exp-Golomb
    const auto size = static_cast<unsigned>(std::bit_width(value + 1));
    u(size - 1, 0);
    u(size, value + 1);
  }
  void ues(std::initializer_list<unsigned> values) {
    for (const unsigned value : values) ue(value);
  }
  void align() {
    while (used_ != 0) put(0);
  }
  [[nodiscard]] std::string finished() && {
    put(1);
    align();
    return bytes_;
  }

 private:
  void put(unsigned bit) {
    if (used_ == 0) bytes_ += '\0';
    bytes_.back() = static_cast<char>(static_cast<unsigned char>(bytes_.back()) | bit << (7 - used_));
    used_ = (used_ + 1) % 8;
  }
  std::string bytes_;
  unsigned used_ = 0;  // of the last byte
};

std::string unit(char header, const std::string& payload) {
  std::string bytes("\0\0\0\1", 4);
  bytes += header;
  unsigned zeros = 0;
  for (const char c : payload) {
    if (zeros >= 2 && static_cast<unsigned char>(c) <= 3) {
      bytes += '\3';
      zeros = 0;
    }
    bytes += c;
    zeros = c == '\0' ? zeros + 1 : 0;
  }
  return bytes;
}

std::string parameter_sets() {
  Bits sequence;
  sequence.u(24, 0x4D001E);  // Main, level 3
  sequence.ues({0, 0, 2, 1});
  sequence.u(1, 0);
  sequence.ues({kColumns - 1, kRows - 1});
  sequence.u(5, 0b00100);  // frames may be fields
  Bits picture;
  picture.ues({0, 0});
  picture.u(2, 0);
  picture.ues({0, 0, 0});
  picture.u(3, 0);
  picture.ues({0, 0, 0});
  picture.u(3, 0b100);
  return unit('\x67', std::move(sequence).finished()) + unit('\x68', std::move(picture).finished());
}

std::string field(int frame, bool bottom) {
  Bits slice;
  slice.ues({0, 7, 0});  // intra
  slice.u(4, 0);
  slice.u(2, bottom ? 0b11 : 0b10);
  if (!bottom) slice.ue(static_cast<unsigned>(frame) & 1U);
  slice.u(bottom ? 1 : 2, 0);
  slice.ues({0, 1});
  for (unsigned y = 0; y < kRows; ++y)
    for (unsigned x = 0; x < kColumns; ++x) {
      slice.ue(25);  // pixels as they are
      slice.align();
      for (unsigned pixel = 0; pixel < 256; ++pixel)
        slice.u(8, 30 + x * 20 + y * 10 + (pixel * 37 + static_cast<unsigned>(frame) * 11) % 40);
      for (unsigned chroma = 0; chroma < 128; ++chroma) slice.u(8, 128);
    }
  return unit(bottom ? '\x21' : '\x65', std::move(slice).finished());
}

}  // namespace

std::string field_coded_h264(int frames) {
  const std::string delimiter = unit('\x09', "\xF0");
  std::string stream;
  for (int frame = 0; frame < frames; ++frame)
    stream += delimiter + parameter_sets() + field(frame, false) + delimiter + field(frame, true);
  return stream;
}

}  // namespace pipeline::media::made
