#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pipeline::upsert {

// What is wrong with the beginning of a file whose first record names no column `sku`, and what to do; empty when it
// looks like no product file at all. `beginning` is its first lines as they came, `line` the number of the first.
[[nodiscard]] std::string header_advice(std::string_view beginning, std::int64_t line);

}  // namespace pipeline::upsert
