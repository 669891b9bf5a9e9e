#include "box_scaler.h"
#include "reader.h"

#include <fmt/format.h>
#include <gif_lib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <memory>

// The first frame is decoded, row by row; the others are walked over.
namespace pipeline::media {
namespace {

struct GifClose {
  void operator()(GifFileType* gif) const noexcept { DGifCloseFile(gif, nullptr); }
};
using GifHandle = std::unique_ptr<GifFileType, GifClose>;

// What giflib reads from.
struct Input {
  std::string_view rest;
  bool ended = false;  // more was asked for than there is
};

int read_input(GifFileType* gif, GifByteType* out, int size) {
  auto& input = *static_cast<Input*>(gif->UserData);
  const auto wanted = static_cast<std::size_t>(std::max(size, 0));
  const std::size_t given = std::min(wanted, input.rest.size());
  input.ended = input.ended || given < wanted;
  std::memcpy(out, input.rest.data(), given);
  input.rest.remove_prefix(given);
  return static_cast<int>(given);
}

using Colour = std::array<std::uint8_t, 3>;  // red, green, blue
using Palette = std::array<Colour, 256>;

Palette palette_of(const ColorMapObject* colours) {
  Palette palette{};
  if (colours == nullptr) return palette;
  const auto count = std::min(static_cast<std::size_t>(colours->ColorCount), palette.size());
  for (std::size_t i = 0; i < count; ++i) {
    const GifColorType& colour = colours->Colors[i];
    palette[i] = {colour.Red, colour.Green, colour.Blue};
  }
  return palette;
}

// The rows of a frame in the order they are stored.
std::vector<std::size_t> row_order(std::size_t height, bool interlaced) {
  struct Pass {
    std::size_t first, step;
  };
  constexpr std::array<Pass, 4> kInterlaced{{{0, 8}, {4, 8}, {2, 4}, {1, 2}}};
  constexpr std::array<Pass, 1> kPlain{{{0, 1}}};
  std::vector<std::size_t> order;
  for (const auto& [first, step] : interlaced ? std::span<const Pass>(kInterlaced) : std::span<const Pass>(kPlain))
    for (std::size_t y = first; y < height; y += step) order.push_back(y);
  return order;
}

class GifFrames {
 public:
  explicit GifFrames(std::string_view bytes) : bytes_(bytes), input_{bytes} {
    int error = 0;
    gif_.reset(DGifOpen(&input_, read_input, &error));
    if (!gif_) fail(error);
  }

  Decoded read() {
    std::vector<std::uint8_t> thumbnail;
    for (;;) {
      GifRecordType record = UNDEFINED_RECORD_TYPE;
      // Who shows the picture takes what is no block for its end.
      if (DGifGetRecordType(gif_.get(), &record) != GIF_OK) {
        if (thumbnail.empty()) fail(gif_->Error);
        return {width_, height_, std::move(thumbnail), "has no end marker behind its last frame; every pixel is there"};
      }
      switch (record) {
        case EXTENSION_RECORD_TYPE:
          read_extension();
          break;
        case IMAGE_DESC_RECORD_TYPE:
          check(DGifGetImageDesc(gif_.get()));
          if (thumbnail.empty())
            thumbnail = read_first_frame();
          else
            skip_frame();
          break;
        case TERMINATE_RECORD_TYPE:
          if (thumbnail.empty()) throw_damaged("it has no frame");
          return {width_, height_, std::move(thumbnail)};
        default:
          throw_damaged("there is something unknown between its frames");
      }
    }
  }

 private:
  [[nodiscard]] std::size_t width() const noexcept { return static_cast<std::size_t>(width_); }
  [[nodiscard]] std::size_t height() const noexcept { return static_cast<std::size_t>(height_); }

  void check(int status) const {
    if (status != GIF_OK) fail(gif_->Error);
  }
  [[noreturn]] void fail(int error) const {
    if (input_.ended) throw_cut_short(bytes_);
    const char* reason = GifErrorString(error);
    throw_damaged(reason == nullptr ? fmt::format("giflib says {}", error) : std::string(reason));
  }

  void read_extension() {
    int code = 0;
    GifByteType* block = nullptr;  // its length, and so many bytes
    check(DGifGetExtension(gif_.get(), &code, &block));
    while (block != nullptr) {
      GraphicsControlBlock control{};
      if (code == GRAPHICS_EXT_FUNC_CODE && DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK)
        transparent_ = control.TransparentColor;
      check(DGifGetExtensionNext(gif_.get(), &block));
    }
  }

  void skip_frame() {
    int size = 0;
    GifByteType* block = nullptr;
    check(DGifGetCode(gif_.get(), &size, &block));
    while (block != nullptr) check(DGifGetCodeNext(gif_.get(), &block));
  }

  // Where it goes beyond the canvas, that grows, as in browsers; of further frames what lies beyond is cut.
  std::vector<std::uint8_t> read_first_frame() {
    const GifImageDesc& frame = gif_->Image;
    width_ = std::max(gif_->SWidth, frame.Left + frame.Width);
    height_ = std::max(gif_->SHeight, frame.Top + frame.Height);
    check_dimensions(width(), height());
    const auto frame_width = static_cast<std::size_t>(frame.Width);
    const auto frame_height = static_cast<std::size_t>(frame.Height);
    check_dimensions(frame_width, frame_height);
    const Palette palette = palette_of(frame.ColorMap != nullptr ? frame.ColorMap : gif_->SColorMap);

    BoxScaler scaler(width_, height_, kThumbnailSide, 3);
    std::vector<GifPixelType> indexes(frame_width);
    std::vector<std::uint8_t> row(3 * width());
    std::vector<bool> drawn(height());
    for (const std::size_t of_frame : row_order(frame_height, frame.Interlace)) {
      check(DGifGetLine(gif_.get(), indexes.data(), frame.Width));
      const std::size_t y = of_frame + static_cast<std::size_t>(frame.Top);
      if (y >= height()) continue;
      draw_row(static_cast<std::size_t>(frame.Left), palette, indexes, row);
      scaler.add_row(static_cast<int>(y), row);
      drawn[y] = true;
    }
    // A file of some bytes may have a canvas of many megapixels of which it draws nothing.
    const auto bare = std::ranges::find(drawn, false);
    if (bare == drawn.end()) return scaler.pixels();
    std::ranges::fill(row, std::uint8_t{255});
    scaler.add_row(static_cast<int>(bare - drawn.begin()), row);
    for (auto y = std::next(bare); y != drawn.end(); ++y)
      if (!*y) scaler.repeat_row(static_cast<int>(y - drawn.begin()));
    return scaler.pixels();
  }

  // The row of the canvas: white where the frame does not reach or is transparent.
  void draw_row(std::size_t left, const Palette& palette, std::span<const GifPixelType> indexes,
                std::span<std::uint8_t> row) const {
    std::ranges::fill(row, std::uint8_t{255});
    for (std::size_t x = 0; x < indexes.size() && left + x < width(); ++x)
      if (indexes[x] != transparent_) std::ranges::copy(palette[indexes[x]], row.subspan(3 * (left + x), 3).begin());
  }

  std::string_view bytes_;
  Input input_;
  GifHandle gif_;
  int width_ = 0;  // of the canvas
  int height_ = 0;
  int transparent_ = NO_TRANSPARENT_COLOR;
};

}  // namespace

Decoded read_gif(std::string_view bytes) {
  return GifFrames(bytes).read();
}

}  // namespace pipeline::media
