#include "pipeline/store/product_lookup.h"

#include <fmt/format.h>

#include <algorithm>

namespace pipeline::store {
namespace {

constexpr std::string_view kColumns =
    "sku, content_hash, parse_status, removed_at, modified_at, source, origin_product_no, channel_product_no, "
    "seller_management_code, name, status, display_status, sale_price, discounted_price, stock_quantity, category_id, "
    "category_name, brand, manufacturer, image_url";

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

FoundProduct read(const Statement& statement) {
  Row row(statement);
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

std::vector<FoundProduct> read_all(Statement& statement, std::string_view name) {
  statement.bind(1, name);
  const Statement::Use use(statement);
  std::vector<FoundProduct> found;
  while (statement.step()) found.push_back(read(statement));
  return found;
}

}  // namespace

ProductLookup::ProductLookup(Database& database)
    : by_sku_(database, "look up a product", fmt::format("SELECT {} FROM products WHERE sku = ?1", kColumns)),
      by_seller_code_(database, "look up a product by its seller code",
                      fmt::format("SELECT {} FROM products WHERE seller_management_code = ?1", kColumns)) {}

std::vector<FoundProduct> ProductLookup::find(std::string_view name) {
  auto found = read_all(by_sku_, name);
  if (!found.empty()) return found;
  found = read_all(by_seller_code_, name);
  std::ranges::sort(found, {}, [](const FoundProduct& one) { return one.product.sku; });
  const auto removed = [](const FoundProduct& one) { return one.removed_at.has_value(); };
  if (!std::ranges::all_of(found, removed)) std::erase_if(found, removed);
  return found;
}

}  // namespace pipeline::store
