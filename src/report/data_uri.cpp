#include "data_uri.h"

#include <cstddef>
#include <cstdint>

namespace pipeline::report::page {

std::string jpeg_uri(std::string_view jpeg) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string uri = "data:image/jpeg;base64,";
  uri.reserve(uri.size() + (jpeg.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < jpeg.size(); at += 3) {
    const auto group = jpeg.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i)
      bits = bits << 8U | (i < group.size() ? static_cast<std::uint8_t>(group[i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i) uri += i > group.size() ? '=' : kDigits[bits >> (18 - 6 * i) & 63U];
  }
  return uri;
}

}  // namespace pipeline::report::page
