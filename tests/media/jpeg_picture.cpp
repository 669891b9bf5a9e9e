#include "jpeg_picture.h"

#include <array>
#include <cstddef>
#include <cstdio>
#include <stdexcept>

extern "C" {
#include <jpeglib.h>
}

namespace pipeline::media::made {
namespace {

[[noreturn]] void fail(j_common_ptr decoder) {
  std::array<char, JMSG_LENGTH_MAX> message{};
  decoder->err->format_message(decoder, message.data());
  throw std::runtime_error(message.data());
}

void fail_at_warnings(j_common_ptr decoder, int level) {
  if (level < 0) fail(decoder);
}

struct Decoder {
  Decoder() {
    info.err = jpeg_std_error(&errors);
    errors.error_exit = fail;
    errors.emit_message = fail_at_warnings;
    jpeg_create_decompress(&info);
  }
  ~Decoder() { jpeg_destroy_decompress(&info); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  jpeg_decompress_struct info{};
  jpeg_error_mgr errors{};
};

}  // namespace

JpegPicture::JpegPicture(const std::string& jpeg) {
  Decoder decoder;
  jpeg_decompress_struct& info = decoder.info;
  jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(jpeg.data()), jpeg.size());
  jpeg_read_header(&info, TRUE);
  info.out_color_space = JCS_RGB;
  jpeg_start_decompress(&info);
  width_ = static_cast<int>(info.output_width);
  height_ = static_cast<int>(info.output_height);
  const std::size_t stride = std::size_t{3} * info.output_width;
  rgb_.resize(stride * info.output_height);
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = rgb_.data() + stride * info.output_scanline;
    jpeg_read_scanlines(&info, &row, 1);
  }
  jpeg_finish_decompress(&info);
}

Rgb JpegPicture::at(double x, double y) const {
  const int column = static_cast<int>(x * width_);
  const int row = static_cast<int>(y * height_);
  const std::uint8_t* pixel =
      &rgb_[3 * (static_cast<std::size_t>(row) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(column))];
  return {pixel[0], pixel[1], pixel[2]};
}

}  // namespace pipeline::media::made
