#pragma once

// libjpeg's headers need FILE.
#include <cstdio>
//
#include <jpeglib.h>

#include <csetjmp>
#include <string_view>

namespace pipeline::media {

// libjpeg with its way out of an error: longjmp, back into attempt(). What an error leaves behind is kept here, outside
// of the frames that are jumped over.
class JpegDecompressor {
 public:
  explicit JpegDecompressor(std::string_view bytes);  // borrows them
  ~JpegDecompressor() { jpeg_destroy_decompress(&jpeg_); }
  JpegDecompressor(const JpegDecompressor&) = delete;
  JpegDecompressor& operator=(const JpegDecompressor&) = delete;

  // Runs calls into libjpeg. They may hold nothing that has a destructor. Throws ImageError.
  template <typename Calls>
  void attempt(Calls calls) {
    if (run(calls)) return;
    explain();
  }

  [[nodiscard]] jpeg_decompress_struct& get() noexcept { return jpeg_; }
  // Bytes between the parts of the file that are none of it; all pixels are there nevertheless.
  [[nodiscard]] bool has_stray_bytes() const noexcept { return has_stray_bytes_; }

 private:
  static JpegDecompressor& self(j_common_ptr jpeg) noexcept {
    return *static_cast<JpegDecompressor*>(jpeg->client_data);
  }

  template <typename Calls>
  bool run(Calls& calls) {
    if (setjmp(way_out_) != 0) return false;
    calls();
    return true;
  }

  [[noreturn]] void give_up() noexcept { std::longjmp(way_out_, 1); }
  [[nodiscard]] bool spoils_picture() noexcept;
  [[nodiscard]] bool is_filler() const noexcept;
  [[noreturn]] void explain();

  std::string_view bytes_;
  bool has_stray_bytes_ = false;
  std::jmp_buf way_out_{};
  jpeg_error_mgr errors_{};
  jpeg_progress_mgr progress_{};
  jpeg_decompress_struct jpeg_{};
};

}  // namespace pipeline::media
