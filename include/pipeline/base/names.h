#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace pipeline {

// What the values of an enumeration are called, in their order, which begins with 0 and has no gap.
template <typename Enum, std::size_t N>
struct Names {
  std::array<std::string_view, N> all;

  [[nodiscard]] constexpr std::string_view operator[](Enum value) const noexcept {
    return all[static_cast<std::size_t>(value)];
  }
  // The value of that name. Absent: there is none.
  [[nodiscard]] constexpr std::optional<Enum> find(std::string_view name) const noexcept {
    const auto found = std::ranges::find(all, name);
    return found == all.end() ? std::nullopt : std::optional(static_cast<Enum>(found - all.begin()));
  }
};

template <typename Enum, typename... Texts>
[[nodiscard]] constexpr Names<Enum, sizeof...(Texts)> names_of(const Texts&... names) noexcept {
  return {{std::string_view(names)...}};
}

}  // namespace pipeline
