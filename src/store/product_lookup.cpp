#include "pipeline/store/product_lookup.h"

#include "product_row.h"

#include <fmt/format.h>

#include <algorithm>

namespace pipeline::store {
namespace {

std::vector<FoundProduct> read_all(Statement& statement, std::string_view name) {
  statement.bind(1, name);
  const Statement::Use use(statement);
  std::vector<FoundProduct> found;
  while (statement.step()) found.push_back(read_product(statement));
  return found;
}

}  // namespace

ProductLookup::ProductLookup(Database& database)
    : by_sku_(database, "look up a product", fmt::format("SELECT {} FROM products WHERE sku = ?1", product_columns())),
      by_seller_code_(database, "look up a product by its seller code",
                      fmt::format("SELECT {} FROM products WHERE seller_management_code = ?1", product_columns())) {}

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
