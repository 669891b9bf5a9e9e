#include "gunzip.h"

#include <libdeflate.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <new>

namespace pipeline::http {
namespace {

struct Free {
  void operator()(libdeflate_decompressor* decompressor) const noexcept { libdeflate_free_decompressor(decompressor); }
};

// The last four bytes are the size of the last member.
std::size_t size_at_end(std::string_view packed) noexcept {
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4 && i < packed.size(); ++i)
    size = size << 8U | static_cast<std::uint8_t>(packed[packed.size() - 1 - i]);
  return size;
}

}  // namespace

Gunzipped gunzip(std::string_view packed, std::size_t most, std::string& out) {
  constexpr std::size_t kLeastRoom = 1024;
  static thread_local const std::unique_ptr<libdeflate_decompressor, Free> decompressor(
      libdeflate_alloc_decompressor());
  if (!decompressor) throw std::bad_alloc();
  std::size_t done = 0;
  std::size_t room = std::clamp(size_at_end(packed), std::min(kLeastRoom, most), most);
  while (!packed.empty()) {
    out.resize(done + room);
    std::size_t read = 0;
    std::size_t written = 0;
    const auto result = libdeflate_gzip_decompress_ex(decompressor.get(), packed.data(), packed.size(),
                                                      out.data() + done, room, &read, &written);
    if (result == LIBDEFLATE_SUCCESS) {
      packed.remove_prefix(read);
      done += written;
      room = std::min(std::max(kLeastRoom, room - written), most - done);
    } else if (result == LIBDEFLATE_INSUFFICIENT_SPACE && room < most - done) {
      room = room > (most - done) / 4 ? most - done : std::max(kLeastRoom, room * 4);
    } else {
      return result == LIBDEFLATE_INSUFFICIENT_SPACE ? Gunzipped::too_long : Gunzipped::broken;
    }
  }
  out.resize(done);
  return Gunzipped::whole;
}

}  // namespace pipeline::http
