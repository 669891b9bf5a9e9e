#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::bench {

// One line of a product feed, about 2.5 KB of Korean JSON in UTF-8: the same for the same number and version. Versions
// of a product differ in price, stock and a sentence of the description.
[[nodiscard]] std::string product_row(std::int64_t number, int version = 0);
[[nodiscard]] std::string sku_of(std::int64_t number);

// A JSON Lines file of these products, in this order.
void write_rows(const std::filesystem::path& path, const std::vector<std::int64_t>& numbers, int version = 0);

// 0 … count-1 in order; `picked` of them in random order, the same each time.
[[nodiscard]] std::vector<std::int64_t> in_order(std::int64_t count);
[[nodiscard]] std::vector<std::int64_t> at_random(std::int64_t count, std::int64_t picked);

}  // namespace pipeline::bench
