#include "product_row.h"

#include <fmt/format.h>

#include <algorithm>

namespace pipeline::store::sqlite {
namespace {

// The columns of one row, one after the other.
class Row {
 public:
  explicit Row(const Statement& statement) noexcept : statement_(statement) {}

  std::optional<std::string> text() {
    const int column = next_++;
    return statement_.is_null(column) ? std::nullopt : std::optional<std::string>(statement_.text(column));
  }
  std::optional<std::int64_t> integer() {
    const int column = next_++;
    return statement_.is_null(column) ? std::nullopt : std::optional(statement_.integer(column));
  }
  std::optional<Sha256> hash() {
    const auto bytes = statement_.blob(next_++);
    Sha256 digest{};
    if (bytes.size() != digest.size()) return std::nullopt;
    std::ranges::copy(bytes, digest.begin());
    return digest;
  }

 private:
  const Statement& statement_;
  int next_ = 0;
};

}  // namespace

// In the order of their table: first the two that make the key.
const std::string& product_columns() {
  static const std::string columns = [] {
    std::string names = "content_hash, parse_status, removed_at";
    for (const auto& column : catalogue::kColumns) names += fmt::format(", {}", column.name);
    return names;
  }();
  return columns;
}

FoundProduct read_product(const Statement& row_of_products) {
  Row row(row_of_products);
  FoundProduct found;
  catalogue::Product& product = found.product;
  product.content_hash = row.hash();
  product.parse_status = row.text() == "OK" ? catalogue::ParseStatus::ok : catalogue::ParseStatus::fail;
  if (const auto at = row.integer()) found.removed_at = WallTime(std::chrono::milliseconds(*at));
  product.sku = row.text().value();
  product.source = row.text().value();
  for (const auto& column : catalogue::kColumns) {
    if (column.text) product.*column.text = row.text();
    if (column.number) product.*column.number = row.integer();
  }
  return found;
}

}  // namespace pipeline::store::sqlite
