#include "product_lookup.h"

#include "pipeline/store/product_row.h"

#include "result.h"
#include "values.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace pipeline::store::postgres {
namespace {

// Behind the columns of the product: whether its SKU stands for those of other sources, too.
std::string select_by(std::string_view condition) {
  return fmt::format(
      "SELECT {}, EXISTS (SELECT 1 FROM @products AS o WHERE o.sku = p.sku AND o.source <> p.source) "
      "FROM @products AS p {}",
      product_columns("p."), condition);
}

std::vector<FoundProduct> read_all(const Result& found) {
  std::vector<FoundProduct> products;
  for (int i = 0; i < found.rows(); ++i) {
    const Row row(found, i);
    FoundProduct& product = products.emplace_back(read_product(row));
    const bool is_shared = row.integer(kProductColumnCount) != 0;
    product.name = is_shared ? full_name(product.product.key()) : product.product.sku;
  }
  return products;
}

// Sources and SKUs may have colons of their own: at each of them the name may end one and begin the other. The first
// that there is counts.
Statement by_key(std::string_view name) {
  static const std::string sql = select_by(
      "JOIN unnest($1, $2) WITH ORDINALITY AS k (source, sku, place) ON p.sku = k.sku AND p.source = k.source "
      "ORDER BY k.place LIMIT 1");
  Column sources(Column::Type::text);
  Column skus(Column::Type::text);
  for (auto colon = name.find(':'); colon != name.npos; colon = name.find(':', colon + 1)) {
    sources.add(name.substr(0, colon));
    skus.add(name.substr(colon + 1));
  }
  return {"look up a product", sql, Values::of(sources, skus)};
}

Statement by_sku(std::string_view name) {
  static const std::string sql = select_by("WHERE p.sku = $1 ORDER BY p.source");
  return {"look up a product by its SKU", sql, Values::of(name)};
}

Statement by_seller_code(std::string_view name) {
  static const std::string sql = select_by("WHERE p.seller_management_code = $1 ORDER BY p.sku, p.source");
  return {"look up a product by its seller code", sql, Values::of(name)};
}

std::vector<FoundProduct> first_found(std::span<const Result> answers) {
  for (const Result& answer : answers)
    if (answer.rows() > 0) return read_all(answer);
  return {};
}

}  // namespace

std::vector<FoundProduct> find_product(Connection& connection, std::string_view name) {
  const Statement ways[] = {by_key(name), by_sku(name), by_seller_code(name)};
  const auto answers = connection.ask(ways);
  const auto by_name = std::span(answers).first(2);
  auto found = first_found(by_name);
  if (!found.empty()) return found;
  found = read_all(answers[2]);
  const auto removed = [](const FoundProduct& one) { return one.removed_at.has_value(); };
  if (!std::ranges::all_of(found, removed)) std::erase_if(found, removed);
  return found;
}

std::vector<FoundProduct> find_product_by_sku(Connection& connection, std::string_view name) {
  const Statement ways[] = {by_key(name), by_sku(name)};
  return first_found(connection.ask(ways));
}

}  // namespace pipeline::store::postgres
