#include "box_scaler.h"
#include "colour_profile.h"
#include "reader.h"

#include <fmt/core.h>
#include <png.h>

#include <csetjmp>
#include <cstring>
#include <utility>

namespace pipeline::media {
namespace {

// libpng with its way out of an error: longjmp, back into attempt(). What an error leaves behind is kept here, outside
// of the frames that are jumped over.
class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : bytes_(bytes) {
    png_ = png_create_read_struct(
        PNG_LIBPNG_VER_STRING, this, [](png_structp png, png_const_charp message) { self(png).give_up(message); },
        [](png_structp png, png_const_charp message) { self(png).heed(message); });
    info_ = png_ == nullptr ? nullptr : png_create_info_struct(png_);
    if (info_ == nullptr) {
      png_destroy_read_struct(&png_, nullptr, nullptr);
      throw std::bad_alloc();
    }
    png_set_crc_action(png_, PNG_CRC_ERROR_QUIT, PNG_CRC_WARN_DISCARD);
    png_set_read_fn(png_, this, [](png_structp png, png_bytep target, png_size_t size) {
      static_cast<Decoder*>(png_get_io_ptr(png))->read(target, size);
    });
  }
  ~Decoder() { png_destroy_read_struct(&png_, &info_, nullptr); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // Runs calls into libpng. They may hold nothing that has a destructor. Throws ImageError.
  template <typename Calls>
  void attempt(Calls calls) {
    if (run(calls)) return;
    if (cut_short_) throw_cut_short(bytes_);
    throw_damaged(message_);
  }

  [[nodiscard]] png_structp png() noexcept { return png_; }
  [[nodiscard]] png_infop info() noexcept { return info_; }
  // A chunk whose check sum is wrong was left out, and nothing that the pixels need stood in it.
  [[nodiscard]] bool has_left_out() const noexcept { return left_out_; }

 private:
  static Decoder& self(png_structp png) noexcept { return *static_cast<Decoder*>(png_get_error_ptr(png)); }

  template <typename Calls>
  bool run(Calls& calls) {
    if (setjmp(way_out_) != 0) return false;
    calls();
    return true;
  }

  [[noreturn]] void give_up(png_const_charp message) noexcept {
    std::strncpy(message_, message, sizeof message_ - 1);
    std::longjmp(way_out_, 1);
  }

  // Of the chunks that may be missing, transparency alone changes what is seen.
  void heed(png_const_charp warning) noexcept {
    const std::string_view said = warning;
    if (!said.ends_with("CRC error")) return;
    if (said.starts_with("tRNS")) give_up(warning);
    left_out_ = true;
  }

  void read(png_bytep target, png_size_t size) {
    if (size > bytes_.size() - at_) {
      cut_short_ = true;
      give_up("");
    }
    std::memcpy(target, bytes_.data() + at_, size);
    at_ += size;
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  bool cut_short_ = false;
  bool left_out_ = false;
  char message_[128] = {};  // no std::string: it is filled on the way to longjmp
  std::jmp_buf way_out_{};
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

// Whether the chunks fit into the file: libpng makes room for whatever length one claims before it reads it.
bool has_whole_chunks(std::string_view bytes) {
  constexpr std::size_t kSignature = 8;
  constexpr std::size_t kFrame = 12;  // length, name and check sum
  for (std::size_t at = kSignature; at + kFrame <= bytes.size();) {
    const auto* const chunk = reinterpret_cast<png_const_bytep>(bytes.data() + at);
    const png_uint_32 length = png_get_uint_32(chunk);
    if (length > bytes.size() - at - kFrame) return false;
    if (bytes.substr(at + 4, 4) == "IEND") return true;
    at += kFrame + length;
  }
  return false;
}

// Some pixels of a row: all, or every eighth, fourth or second of an interlaced picture's pass.
struct Columns {
  std::size_t first = 0;
  std::size_t step = 1;
};

// The pixels of a row before white, where they belong.
void place_row(std::span<const std::uint8_t> row, std::size_t channels, const Columns& columns,
               std::vector<std::uint8_t>& rgb) {
  const std::uint8_t* pixel = row.data();
  for (std::size_t x = columns.first; 3 * x < rgb.size(); x += columns.step, pixel += channels)
    for (std::size_t c = 0; c < 3; ++c) rgb[3 * x + c] = channels == 4 ? before_white(pixel[c], pixel[3]) : pixel[c];
}

}  // namespace

Decoded read_png(std::string_view bytes) {
  if (!has_whole_chunks(bytes)) throw_cut_short(bytes);
  Decoder decoder(bytes);
  png_structp png = decoder.png();
  png_infop info = decoder.info();
  decoder.attempt([&] { png_read_info(png, info); });
  const png_uint_32 width = png_get_image_width(png, info);
  const png_uint_32 height = png_get_image_height(png, info);
  check_dimensions(width, height);

  png_charp name = nullptr;
  png_bytep icc = nullptr;
  png_uint_32 icc_size = 0;
  int compression = 0;
  decoder.attempt([&] { png_get_iCCP(png, info, &name, &compression, &icc, &icc_size); });
  const std::string_view profile(reinterpret_cast<const char*>(icc), icc_size);
  const bool colour = (png_get_color_type(png, info) & PNG_COLOR_MASK_COLOR) != 0;

  decoder.attempt([&] {
    png_set_expand(png);
    png_set_scale_16(png);
    png_set_gray_to_rgb(png);
    png_read_update_info(png, info);
  });
  const std::size_t channels = png_get_channels(png, info);  // RGB or RGBA
  const bool interlaced = png_get_interlace_type(png, info) == PNG_INTERLACE_ADAM7;

  BoxScaler scaler(static_cast<int>(width), static_cast<int>(height), kThumbnailSide, 3);
  std::vector<std::uint8_t> row(png_get_rowbytes(png, info));
  for (int pass = 0; pass < (interlaced ? PNG_INTERLACE_ADAM7_PASSES : 1); ++pass) {
    // The pixels of other passes count as nothing here: the passes add up to the picture.
    std::vector<std::uint8_t> rgb(3 * std::size_t{width});
    const auto start = [&](int of_pass) { return interlaced ? static_cast<png_uint_32>(of_pass) : 0U; };
    const auto step = [&](int of_pass) { return interlaced ? static_cast<png_uint_32>(of_pass) : 1U; };
    const Columns columns{start(PNG_PASS_START_COL(pass)), step(PNG_PASS_COL_OFFSET(pass))};
    const png_uint_32 first_row = start(PNG_PASS_START_ROW(pass));
    const png_uint_32 row_step = step(PNG_PASS_ROW_OFFSET(pass));
    if (columns.first >= width) continue;
    for (png_uint_32 y = first_row; y < height; y += row_step) {
      decoder.attempt([&] { png_read_row(png, row.data(), nullptr); });
      place_row(row, channels, columns, rgb);
      scaler.add_row(static_cast<int>(y), rgb);
    }
  }
  decoder.attempt([&] { png_read_end(png, nullptr); });
  std::vector<std::uint8_t> thumbnail = scaler.pixels();
  if (colour) ToSrgb::of_profile(profile).apply(thumbnail, thumbnail, thumbnail.size() / 3);
  return {static_cast<int>(width), static_cast<int>(height), std::move(thumbnail),
          decoder.has_left_out() ? "has a damaged part beside its pixels; every pixel is there" : ""};
}

}  // namespace pipeline::media
