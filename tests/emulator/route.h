#pragma once

#include "emulator/emulator.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace pipeline::emulator {

// Where a call goes, taken from method and path.
struct Route {
  Endpoint endpoint = Endpoint::other;
  std::optional<std::int64_t> product_no;  // of a detail; a number too long for 64 bits names no product
  bool has_query = false;
};
[[nodiscard]] Route find_route(std::string_view method, std::string_view path) noexcept;

// The path without /external and the query.
[[nodiscard]] std::string_view plain_path(std::string_view path) noexcept;

// A header by its name in any case; empty when absent.
[[nodiscard]] std::string_view find_header(const HeaderList& headers, std::string_view name) noexcept;
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

inline constexpr std::string_view kControlPrefix = "/__control__/";

}  // namespace pipeline::emulator
