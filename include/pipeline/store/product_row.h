#pragma once

#include "pipeline/catalogue/columns.h"
#include "pipeline/store/catalogue.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pipeline::store {

// A row of `products` but its hashes of rows and its bodies: what SELECT of these columns gives, which stand first.
// `table`: what the statement calls the table, where it has to say so (`p.`).
[[nodiscard]] std::string product_columns(std::string_view table = {});
inline constexpr int kProductColumnCount = static_cast<int>(3 + catalogue::kColumns.size());

// The columns of one row, one after the other. `Row` is an engine's, whose columns count from 0.
template <typename Row>
class ProductCells {
 public:
  explicit ProductCells(const Row& row) noexcept : row_(row) {}

  std::optional<std::string> text() {
    const int column = next_++;
    return row_.is_null(column) ? std::nullopt : std::optional<std::string>(row_.text(column));
  }
  std::optional<std::int64_t> integer() {
    const int column = next_++;
    return row_.is_null(column) ? std::nullopt : std::optional(row_.integer(column));
  }
  std::optional<Sha256> hash() {
    const auto bytes = row_.bytes(next_++);
    Sha256 digest{};
    if (bytes.size() != digest.size()) return std::nullopt;
    std::ranges::copy(bytes, digest.begin());
    return digest;
  }

 private:
  const Row& row_;
  int next_ = 0;
};

template <typename Row>
[[nodiscard]] FoundProduct read_product(const Row& row) {
  ProductCells cells(row);
  FoundProduct found;
  catalogue::Product& product = found.product;
  product.content_hash = cells.hash();
  product.parse_status = cells.text() == "OK" ? catalogue::ParseStatus::ok : catalogue::ParseStatus::fail;
  if (const auto at = cells.integer()) found.removed_at = WallTime(std::chrono::milliseconds(*at));
  product.sku = cells.text().value();
  product.source = cells.text().value();
  for (const auto& column : catalogue::kColumns) {
    if (column.text) product.*column.text = cells.text();
    if (column.number) product.*column.number = cells.integer();
  }
  return found;
}

}  // namespace pipeline::store
