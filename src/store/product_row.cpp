#include "product_row.h"

#include <algorithm>

namespace pipeline::store {
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

FoundProduct read_product(const Statement& row_of_products) {
  Row row(row_of_products);
  FoundProduct found;
  Product& product = found.product;
  product.sku = row.text().value();
  product.content_hash = row.hash();
  product.parse_status = row.text() == "OK" ? ParseStatus::ok : ParseStatus::fail;
  if (const auto at = row.integer()) found.removed_at = WallTime(std::chrono::milliseconds(*at));
  product.modified_at = row.text();
  product.source = row.text().value();
  product.origin_product_no = row.integer();
  product.channel_product_no = row.integer();
  product.seller_management_code = row.text();
  product.name = row.text();
  product.status = row.text();
  product.display_status = row.text();
  product.sale_price = row.integer();
  product.discounted_price = row.integer();
  product.stock_quantity = row.integer();
  product.category_id = row.text();
  product.category_name = row.text();
  product.brand = row.text();
  product.manufacturer = row.text();
  product.image_url = row.text();
  return found;
}

}  // namespace pipeline::store
