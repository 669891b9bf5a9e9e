#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace pipeline::media {

// Brings pixels from the colours of an ICC profile, or of known primaries, to sRGB, as every viewer does that heeds
// them. One thread at a time.
class ToSrgb {
 public:
  enum class Layout { rgb, cmyk, inverted_cmyk };  // bytes; Adobe's inks are stored as their complement
  ToSrgb() noexcept = default;                     // leaves all as it is
  // A profile that can't be used, or is sRGB itself, leaves RGB as it is.
  static ToSrgb of_profile(std::string_view icc, Layout layout = Layout::rgb);
  // Coding points of ISO 23091-2 (nclx): primaries of Display P3 and BT.2020 are known.
  static ToSrgb of_primaries(int primaries);

  [[nodiscard]] explicit operator bool() const noexcept { return transform_ != nullptr; }
  // `to` gets three bytes a pixel, and may be `from` where that has three, too.
  void apply(std::span<const std::uint8_t> from, std::span<std::uint8_t> to, std::size_t pixels) const;

 private:
  struct Delete {
    void operator()(void* transform) const noexcept;
  };
  explicit ToSrgb(void* transform) : transform_(transform) {}
  std::unique_ptr<void, Delete> transform_;
};

}  // namespace pipeline::media
