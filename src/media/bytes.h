#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// What the readers of media files share.
namespace pipeline::media {

inline constexpr auto kNone = std::string_view::npos;

// Whole numbers of up to 8 bytes.
[[nodiscard]] constexpr std::uint64_t big_endian(std::string_view bytes) noexcept {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8U | static_cast<unsigned char>(byte);
  return value;
}
[[nodiscard]] constexpr std::uint64_t little_endian(std::string_view bytes) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i > 0; --i) value = value << 8U | static_cast<unsigned char>(bytes[i - 1]);
  return value;
}

}  // namespace pipeline::media
