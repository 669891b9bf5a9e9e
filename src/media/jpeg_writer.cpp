#include "jpeg_writer.h"

// libjpeg's headers need FILE.
#include <cstdio>
//
#include <jpeglib.h>

#include <csetjmp>
#include <cstdlib>
#include <new>

namespace pipeline::media {
namespace {

// libjpeg with its way out of an error, which here is want of memory: longjmp, back into attempt().
class Compressor {
 public:
  Compressor() {
    jpeg_.err = jpeg_std_error(&errors_);
    errors_.error_exit = [](j_common_ptr jpeg) { std::longjmp(static_cast<Compressor*>(jpeg->client_data)->out_, 1); };
    jpeg_.client_data = this;
    attempt([this] { jpeg_create_compress(&jpeg_); });
    jpeg_mem_dest(&jpeg_, &bytes_, &size_);
  }
  ~Compressor() {
    jpeg_destroy_compress(&jpeg_);
    std::free(bytes_);  // NOLINT: libjpeg's
  }
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;

  // Runs calls into libjpeg. They may hold nothing that has a destructor.
  template <typename Calls>
  void attempt(Calls calls) {
    if (setjmp(out_) != 0) throw std::bad_alloc();
    calls();
  }

  [[nodiscard]] jpeg_compress_struct& get() noexcept { return jpeg_; }
  [[nodiscard]] std::string file() const { return {reinterpret_cast<const char*>(bytes_), size_}; }

 private:
  std::jmp_buf out_{};
  jpeg_error_mgr errors_{};
  jpeg_compress_struct jpeg_{};
  unsigned char* bytes_ = nullptr;
  unsigned long size_ = 0;
};

}  // namespace

std::string write_jpeg(const PixelRows& picture, int quality) {
  Compressor compressor;
  jpeg_compress_struct& jpeg = compressor.get();
  compressor.attempt([&] {
    jpeg.image_width = static_cast<JDIMENSION>(picture.width);
    jpeg.image_height = static_cast<JDIMENSION>(picture.height);
    jpeg.input_components = 3;
    jpeg.in_color_space = picture.colours == PixelRows::Colours::rgb ? JCS_RGB : JCS_YCbCr;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, quality, TRUE);
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < jpeg.image_height) {
      auto* row = const_cast<JSAMPROW>(picture.bytes.data() + jpeg.next_scanline * picture.stride);  // only read
      jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
  });
  return compressor.file();
}

}  // namespace pipeline::media
