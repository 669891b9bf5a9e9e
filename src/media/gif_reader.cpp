#include "box_scaler.h"
#include "reader.h"

#include <algorithm>
#include <array>
#include <optional>

// GIF89a, https://www.w3.org/Graphics/GIF/spec-gif89a.txt: the first frame is decoded, the others are walked over.
namespace pipeline::media {
namespace {

constexpr unsigned kNothing = 0xFFFF;

class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}

  unsigned u8() { return static_cast<unsigned char>(take(1).front()); }
  unsigned u16() {
    const unsigned low = u8();
    return low | u8() << 8U;
  }
  std::string_view take(std::size_t size) {
    if (size > bytes_.size() - at_) throw_cut_short(bytes_);
    at_ += size;
    return bytes_.substr(at_ - size, size);
  }
  // The content of the next sub-block; empty for the one that ends a sequence.
  std::string_view sub_block() { return take(u8()); }
  void skip_sub_blocks() {
    while (!sub_block().empty()) {
    }
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

using Palette = std::array<std::uint8_t, 256>;  // luma

void read_palette(Bytes& bytes, unsigned flags, Palette& palette) {
  const std::size_t colours = std::size_t{2} << (flags & 7U);
  const std::string_view table = bytes.take(colours * 3);
  for (std::size_t i = 0; i < colours; ++i) {
    const unsigned char* colour = data_of(table) + i * 3;
    palette[i] = luma(colour[0], colour[1], colour[2]);
  }
}

// Variable-length codes out of sub-blocks.
class CodeReader {
 public:
  explicit CodeReader(Bytes& bytes) : bytes_(bytes) {}

  // Absent behind the last sub-block.
  std::optional<unsigned> next(unsigned size) {
    while (count_ < size) {
      if (block_.empty()) block_ = bytes_.sub_block();
      if (block_.empty()) {
        ended_ = true;
        return {};
      }
      bits_ |= static_cast<std::uint32_t>(static_cast<unsigned char>(block_.front())) << count_;
      block_.remove_prefix(1);
      count_ += 8;
    }
    const unsigned code = bits_ & ((1U << size) - 1U);
    bits_ >>= size;
    count_ -= size;
    return code;
  }
  void skip_rest() {
    if (!ended_) bytes_.skip_sub_blocks();
  }

 private:
  Bytes& bytes_;
  std::string_view block_;
  std::uint32_t bits_ = 0;
  unsigned count_ = 0;
  bool ended_ = false;
};

// LZW as GIF has it. Each code stands for an earlier one's string and one more index.
class Lzw {
 public:
  Lzw(CodeReader& codes, unsigned minimum_size)
      : codes_(codes), minimum_size_(minimum_size), clear_(1U << minimum_size) {
    for (unsigned i = 0; i < clear_; ++i) last_[i] = static_cast<std::uint8_t>(i);
    reset();
  }

  // Fills the row with indexes. False when the data end before.
  bool read_row(std::span<std::uint8_t> row) {
    for (std::uint8_t& index : row) {
      if (waiting_ == 0 && !decode_string()) return false;
      index = string_[--waiting_];
    }
    return true;
  }

 private:
  static constexpr unsigned kMostCodes = 4096;

  void reset() {
    size_ = minimum_size_ + 1;
    next_ = clear_ + 2;
    previous_ = kNothing;
  }

  // Puts the next string into string_, its end first.
  bool decode_string() {
    std::optional<unsigned> code = codes_.next(size_);
    while (code == clear_) {
      reset();
      code = codes_.next(size_);
    }
    if (!code || *code == clear_ + 1) return false;
    if (*code > next_ || (*code == next_ && previous_ == kNothing) || (previous_ == kNothing && *code > clear_))
      throw_damaged("its first frame has a code that stands for nothing");

    unsigned at = *code;
    if (at == next_) {  // the string that is only now being made: the previous one and its own first index
      string_[waiting_++] = first_;
      at = previous_;
    }
    for (; at > clear_; at = prefix_[at]) string_[waiting_++] = last_[at];
    first_ = last_[at];
    string_[waiting_++] = first_;
    remember(*code);
    return true;
  }

  void remember(unsigned code) {
    if (previous_ != kNothing && next_ < kMostCodes) {
      prefix_[next_] = static_cast<std::uint16_t>(previous_);
      last_[next_] = first_;
      ++next_;
      if (next_ == 1U << size_ && size_ < 12) ++size_;
    }
    previous_ = code;
  }

  CodeReader& codes_;
  unsigned minimum_size_;
  unsigned clear_;
  unsigned size_ = 0;
  unsigned next_ = 0;
  unsigned previous_ = kNothing;
  std::uint8_t first_ = 0;
  std::array<std::uint16_t, kMostCodes> prefix_{};
  std::array<std::uint8_t, kMostCodes> last_{};
  std::array<std::uint8_t, kMostCodes + 1> string_{};
  std::size_t waiting_ = 0;  // indexes of string_ not handed out yet
};

struct Frame {
  unsigned left = 0;
  unsigned top = 0;
  unsigned width = 0;
  unsigned height = 0;
  bool interlaced = false;
  unsigned transparent = kNothing;  // index
};

// The rows in the order they are stored.
std::vector<unsigned> row_order(const Frame& frame) {
  struct Pass {
    unsigned first, step;
  };
  constexpr std::array<Pass, 4> kInterlaced{{{0, 8}, {4, 8}, {2, 4}, {1, 2}}};
  constexpr std::array<Pass, 1> kPlain{{{0, 1}}};
  std::vector<unsigned> order;
  for (const auto& [first, step] :
       frame.interlaced ? std::span<const Pass>(kInterlaced) : std::span<const Pass>(kPlain))
    for (unsigned y = first; y < frame.height; y += step) order.push_back(y);
  return order;
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  Decoded read() {
    bytes_.take(6);
    width_ = bytes_.u16();
    height_ = bytes_.u16();
    const unsigned flags = bytes_.u8();
    bytes_.take(2);
    if ((flags & kHasPalette) != 0) read_palette(bytes_, flags, palette_);
    check_dimensions(width_, height_);

    std::vector<std::uint8_t> thumbnail;
    for (;;) {
      switch (bytes_.u8()) {
        case '!':
          read_extension();
          break;
        case ',':
          if (thumbnail.empty())
            thumbnail = read_frame();
          else
            skip_frame();
          break;
        case ';':
          if (thumbnail.empty()) throw_damaged("it has no frame");
          return {static_cast<int>(width_), static_cast<int>(height_), std::move(thumbnail)};
        default:
          throw_damaged("there is something unknown between its frames");
      }
    }
  }

 private:
  static constexpr unsigned kHasPalette = 0x80;
  static constexpr unsigned kInterlaced = 0x40;
  static constexpr unsigned kGraphicControl = 0xF9;

  void read_extension() {
    if (bytes_.u8() == kGraphicControl) {
      const std::string_view control = bytes_.sub_block();
      if (control.size() >= 4 && (control[0] & 1) != 0) transparent_ = static_cast<unsigned char>(control[3]);
      if (control.empty()) return;
    }
    bytes_.skip_sub_blocks();
  }

  Frame read_descriptor(Palette& palette) {
    Frame frame{.left = bytes_.u16(), .top = bytes_.u16(), .width = bytes_.u16(), .height = bytes_.u16()};
    const unsigned flags = bytes_.u8();
    frame.interlaced = (flags & kInterlaced) != 0;
    frame.transparent = transparent_;
    if ((flags & kHasPalette) != 0) read_palette(bytes_, flags, palette);
    return frame;
  }

  void skip_frame() {
    Palette ignored;
    read_descriptor(ignored);
    bytes_.u8();
    bytes_.skip_sub_blocks();
  }

  std::vector<std::uint8_t> read_frame() {
    Palette palette = palette_;
    const Frame frame = read_descriptor(palette);
    check_dimensions(frame.width, frame.height);
    const unsigned minimum_size = bytes_.u8();
    if (minimum_size < 1 || minimum_size > 8) throw_damaged("its first frame has codes of an unknown size");
    CodeReader codes(bytes_);
    Lzw lzw(codes, minimum_size);

    BoxScaler scaler(static_cast<int>(width_), static_cast<int>(height_), kThumbnailSide);
    std::vector<std::uint8_t> indexes(frame.width);
    std::vector<std::uint8_t> row(width_);
    std::vector<bool> drawn(height_);
    for (const unsigned y : row_order(frame)) {
      if (!lzw.read_row(indexes)) throw_damaged("its first frame ends before its last row");
      if (frame.top + y >= height_) continue;
      draw_row(frame, palette, indexes, row);
      scaler.add_row(static_cast<int>(frame.top + y), row);
      drawn[frame.top + y] = true;
    }
    codes.skip_rest();

    std::ranges::fill(row, std::uint8_t{255});
    for (unsigned y = 0; y < height_; ++y)
      if (!drawn[y]) scaler.add_row(static_cast<int>(y), row);
    return scaler.pixels();
  }

  // The row of the canvas: white where the frame does not reach or is transparent.
  static void draw_row(const Frame& frame, const Palette& palette, std::span<const std::uint8_t> indexes,
                       std::span<std::uint8_t> row) {
    std::ranges::fill(row, std::uint8_t{255});
    for (std::size_t x = 0; x < indexes.size() && frame.left + x < row.size(); ++x)
      if (indexes[x] != frame.transparent) row[frame.left + x] = palette[indexes[x]];
  }

  Bytes bytes_;
  unsigned width_ = 0;
  unsigned height_ = 0;
  Palette palette_{};
  unsigned transparent_ = kNothing;
};

}  // namespace

Decoded read_gif(std::string_view bytes) {
  return Reader(bytes).read();
}

}  // namespace pipeline::media
