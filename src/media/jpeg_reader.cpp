#include "pipeline/base/text.h"

#include "box_scaler.h"
#include "jpeg_tail.h"
#include "reader.h"

// libjpeg's headers need FILE.
#include <cstdio>
//
#include <jpeglib.h>
//
#include <jerror.h>

#include <algorithm>
#include <array>
#include <csetjmp>

namespace pipeline::media {
namespace {

// A progressive JPEG keeps all its coefficients in memory until its last scan: 3 to 6 bytes a pixel.
constexpr long kMostMemory = 320'000'000;
// Real files have about ten; each costs a walk over the whole picture, however little it holds.
constexpr int kMostScans = 100;
// Enough rows and columns for the thumbnail to be smooth.
constexpr unsigned kSmallestSide = 2 * kThumbnailSide;

// libjpeg with its way out of an error: longjmp, back into attempt(). What an error leaves behind is kept here, outside
// of the frames that are jumped over.
class Decompressor {
 public:
  explicit Decompressor(std::string_view bytes) : bytes_(bytes) {
    jpeg_.err = jpeg_std_error(&errors_);
    errors_.error_exit = [](j_common_ptr jpeg) { self(jpeg).give_up(); };
    errors_.emit_message = [](j_common_ptr jpeg, int level) {
      if (level < 0 && self(jpeg).spoils_picture()) self(jpeg).give_up();
    };
    progress_.progress_monitor = [](j_common_ptr jpeg) {
      if (self(jpeg).jpeg_.input_scan_number > kMostScans) self(jpeg).give_up();
    };
    jpeg_.client_data = this;
    attempt([this] {
      jpeg_create_decompress(&jpeg_);  // keeps `err` and `client_data`
      jpeg_.progress = &progress_;
      jpeg_.mem->max_memory_to_use = kMostMemory;
      jpeg_mem_src(&jpeg_, data_of(bytes_), bytes_.size());
    });
  }
  ~Decompressor() { jpeg_destroy_decompress(&jpeg_); }
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;

  // Runs calls into libjpeg. They may hold nothing that has a destructor. Throws ImageError.
  template <typename Calls>
  void attempt(Calls calls) {
    if (run(calls)) return;
    explain();
  }

  [[nodiscard]] jpeg_decompress_struct& get() noexcept { return jpeg_; }

 private:
  static Decompressor& self(j_common_ptr jpeg) noexcept { return *static_cast<Decompressor*>(jpeg->client_data); }

  template <typename Calls>
  bool run(Calls& calls) {
    if (setjmp(way_out_) != 0) return false;
    calls();
    return true;
  }

  [[noreturn]] void give_up() noexcept { std::longjmp(way_out_, 1); }

  [[nodiscard]] bool spoils_picture() const noexcept {
    switch (errors_.msg_code) {
      case JWRN_ADOBE_XFORM:
      case JWRN_JFIF_MAJOR:
      case JWRN_BOGUS_ICC:
        return false;
      case JWRN_EXTRANEOUS_DATA:
        return !is_padding_before_end();
      default:
        return true;
    }
  }

  // Some cameras fill up with zeros before the end marker.
  [[nodiscard]] bool is_padding_before_end() const noexcept {
    const auto count = static_cast<std::size_t>(errors_.msg_parm.i[0]);
    if (errors_.msg_parm.i[1] != JPEG_EOI) return false;
    const std::size_t read = bytes_.size() - jpeg_.src->bytes_in_buffer;
    const std::size_t end = bytes_.find("\xFF\xD9", read - std::min<std::size_t>(read, 2));
    if (end == std::string_view::npos || end < count) return false;
    return std::ranges::all_of(bytes_.substr(end - count, count), [](char c) { return c == '\0'; });
  }

  [[noreturn]] void explain() {
    if (jpeg_.input_scan_number > kMostScans) throw_damaged("it has more than 100 scans");
    switch (errors_.msg_code) {
      case JWRN_JPEG_EOF:
      case JERR_INPUT_EOF:
      case JERR_INPUT_EMPTY:
        throw_cut_short(bytes_);
      case JERR_NO_BACKING_STORE:
      case JERR_OUT_OF_MEMORY:
        throw ImageError("is a progressive JPEG too large to be read: save it as an ordinary (baseline) one");
      default:
        std::array<char, JMSG_LENGTH_MAX> message{};
        errors_.format_message(reinterpret_cast<j_common_ptr>(&jpeg_), message.data());
        throw_damaged(message.data());
    }
  }

  std::string_view bytes_;
  std::jmp_buf way_out_{};
  jpeg_error_mgr errors_{};
  jpeg_progress_mgr progress_{};
  jpeg_decompress_struct jpeg_{};
};

// The largest of libjpeg's fast reductions that leaves enough of the picture.
unsigned reduction(unsigned width, unsigned height) {
  for (const unsigned denominator : {8U, 4U, 2U})
    if (std::min(width, height) / denominator >= kSmallestSide) return denominator;
  return 1;
}

// Adobe stores ink as its complement; without its marker 255 is full ink.
void convert_cmyk(std::span<const std::uint8_t> cmyk, bool inverted, std::span<std::uint8_t> gray) {
  for (std::size_t i = 0; i < gray.size(); ++i) {
    std::array<unsigned, 4> light{};
    for (std::size_t c = 0; c < 4; ++c) light[c] = inverted ? cmyk[i * 4 + c] : 255U - cmyk[i * 4 + c];
    gray[i] = luma(light[0] * light[3] / 255, light[1] * light[3] / 255, light[2] * light[3] / 255);
  }
}

Decoded decode(std::string_view bytes) {
  Decompressor decompressor(bytes);
  jpeg_decompress_struct& jpeg = decompressor.get();
  decompressor.attempt([&] { jpeg_read_header(&jpeg, TRUE); });
  check_dimensions(jpeg.image_width, jpeg.image_height);

  const bool cmyk = jpeg.jpeg_color_space == JCS_CMYK || jpeg.jpeg_color_space == JCS_YCCK;
  jpeg.out_color_space = cmyk ? JCS_CMYK : JCS_GRAYSCALE;
  jpeg.scale_num = 1;
  jpeg.scale_denom = reduction(jpeg.image_width, jpeg.image_height);
  decompressor.attempt([&] { jpeg_start_decompress(&jpeg); });

  BoxScaler scaler(static_cast<int>(jpeg.output_width), static_cast<int>(jpeg.output_height), kThumbnailSide);
  std::vector<std::uint8_t> row(std::size_t{jpeg.output_width} * static_cast<std::size_t>(jpeg.output_components));
  std::vector<std::uint8_t> gray(jpeg.output_width);
  while (jpeg.output_scanline < jpeg.output_height) {
    const int y = static_cast<int>(jpeg.output_scanline);
    JSAMPROW target = row.data();
    decompressor.attempt([&] { jpeg_read_scanlines(&jpeg, &target, 1); });
    if (cmyk) convert_cmyk(row, jpeg.saw_Adobe_marker != 0, gray);
    scaler.add_row(y, cmyk ? gray : row);
  }
  decompressor.attempt([&] { jpeg_finish_decompress(&jpeg); });
  return {static_cast<int>(jpeg.image_width), static_cast<int>(jpeg.image_height), scaler.pixels()};
}

}  // namespace

Decoded read_jpeg(std::string_view bytes) {
  try {
    return decode(bytes);
  } catch (const ImageError&) {
    // Some cameras forget the end marker before what they append. With it, libjpeg finds out whether a pixel is
    // missing.
    constexpr std::string_view kEnd = "\xFF\xD9";
    const std::string_view picture = bytes.substr(0, find_jpeg_tail(bytes));
    if (picture.size() == bytes.size() || picture.ends_with(kEnd)) throw;
    Decoded decoded = decode(std::string(picture).append(kEnd));
    decoded.note = "has no end marker before what is appended to it; every pixel is there";
    return decoded;
  }
}

}  // namespace pipeline::media
