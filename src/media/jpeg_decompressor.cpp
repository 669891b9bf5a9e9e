#include "jpeg_decompressor.h"

#include "reader.h"

// Needs what jpeglib.h declares.
#include <jerror.h>

#include <algorithm>
#include <array>

namespace pipeline::media {
namespace {

// A progressive JPEG keeps all its coefficients in memory until its last scan: 3 to 6 bytes a pixel.
constexpr long kMostMemory = 320'000'000;
// Real files have about ten; each costs a walk over the whole picture, however little it holds.
constexpr int kMostScans = 100;

}  // namespace

JpegDecompressor::JpegDecompressor(std::string_view bytes) : bytes_(bytes) {
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

bool JpegDecompressor::spoils_picture() noexcept {
  switch (errors_.msg_code) {
    case JWRN_ADOBE_XFORM:
    case JWRN_JFIF_MAJOR:
    case JWRN_BOGUS_ICC:
      return false;
    case JWRN_EXTRANEOUS_DATA:
      // Before the first scan there are no pixels that could be meant.
      if (jpeg_.input_scan_number > 0 && !is_filler()) return true;
      has_stray_bytes_ = has_stray_bytes_ || errors_.msg_parm.i[1] != JPEG_EOI;
      return false;
    default:
      return true;
  }
}

// Some cameras and scanners fill up with zeros or ones before a marker. Anything else would be pixels that were not
// understood.
bool JpegDecompressor::is_filler() const noexcept {
  const auto count = static_cast<std::size_t>(errors_.msg_parm.i[0]);
  const std::size_t read = bytes_.size() - jpeg_.src->bytes_in_buffer;
  const std::array<char, 2> marker{'\xFF', static_cast<char>(errors_.msg_parm.i[1])};
  const std::size_t end = bytes_.find(std::string_view(marker.data(), 2), read - std::min<std::size_t>(read, 2));
  if (end == std::string_view::npos || end < count) return false;
  const std::string_view skipped = bytes_.substr(end - count, count);
  return skipped.find_first_not_of(skipped.front()) == std::string_view::npos &&
         (skipped.front() == '\0' || skipped.front() == '\xFF');
}

void JpegDecompressor::explain() {
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

}  // namespace pipeline::media
