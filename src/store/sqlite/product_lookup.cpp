#include "product_lookup.h"

#include "product_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace pipeline::store::sqlite {
namespace {

std::vector<FoundProduct> read_all(Statement& row) {
  const Statement::Use use(row);
  std::vector<FoundProduct> found;
  while (row.step()) found.push_back(read_product(row));
  return found;
}

// The SKU stands for all sources that have it; their products are told apart by their full names.
void name_all(std::vector<FoundProduct>& found, Statement& by_sku) {
  for (FoundProduct& one : found) {
    by_sku.bind(1, one.product.sku);
    const Statement::Use use(by_sku);
    const bool is_shared = by_sku.step() && by_sku.step();
    one.name = is_shared ? full_name(one.product.key()) : one.product.sku;
  }
}

std::string select_by(std::string_view condition) {
  return fmt::format("SELECT {} FROM products WHERE {}", product_columns(), condition);
}

}  // namespace

ProductLookup::ProductLookup(Connection& connection)
    : by_key_(connection, "look up a product", select_by("sku = ?1 AND source = ?2")),
      by_sku_(connection, "look up a product by its SKU", select_by("sku = ?1 ORDER BY source")),
      by_seller_code_(connection, "look up a product by its seller code", select_by("seller_management_code = ?1")) {}

std::vector<FoundProduct> ProductLookup::find(std::string_view name) {
  auto found = find_by_sku(name);
  if (!found.empty()) return found;
  by_seller_code_.bind(1, name);
  found = read_all(by_seller_code_);
  std::ranges::sort(found, {}, [](const FoundProduct& one) { return std::tie(one.product.sku, one.product.source); });
  const auto removed = [](const FoundProduct& one) { return one.removed_at.has_value(); };
  if (!std::ranges::all_of(found, removed)) std::erase_if(found, removed);
  name_all(found, by_sku_);
  return found;
}

// Sources and SKUs may have colons of their own.
std::vector<FoundProduct> ProductLookup::find_by_sku(std::string_view name) {
  std::vector<FoundProduct> found;
  for (auto colon = name.find(':'); found.empty() && colon != name.npos; colon = name.find(':', colon + 1)) {
    by_key_.bind(1, name.substr(colon + 1)).bind(2, name.substr(0, colon));
    found = read_all(by_key_);
  }
  if (found.empty()) {
    by_sku_.bind(1, name);
    found = read_all(by_sku_);
    if (found.size() == 1) found.front().name = found.front().product.sku;
    if (found.size() <= 1) return found;
  }
  name_all(found, by_sku_);
  return found;
}

}  // namespace pipeline::store::sqlite
