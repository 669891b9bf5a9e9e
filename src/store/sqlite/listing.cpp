#include "listing.h"

#include "transaction.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace pipeline::store::sqlite {
namespace {

// Of the products of source ?1; ?2: the list is whole.
constexpr std::string_view kAbsent =
    "FROM products AS p WHERE p.source = ?1 AND p.removed_at IS NULL "
    "AND ((?2 AND NOT EXISTS (SELECT 1 FROM temp.listed AS l WHERE l.sku = p.sku)) "
    "OR EXISTS (SELECT 1 FROM temp.gone AS g WHERE g.sku = p.sku))";

}  // namespace

Listing::Listing(Connection& connection, std::string source)
    : connection_(connection),
      source_(std::move(source)),
      tables_(connection),
      look_up_(connection, "look up a listed product",
               "SELECT list_hash, removed_at FROM products WHERE sku = ?1 AND source = ?2"),
      stored_(connection, "read a stored list row",
              "SELECT list_hash, list_json FROM products WHERE sku = ?1 AND source = ?2 AND list_json IS NOT NULL"),
      overlap_(
          connection, "find known products in the list",
          "SELECT count(*), count(l.sku), count(p.list_json), count(CASE WHEN p.list_json IS NOT NULL THEN l.sku END) "
          "FROM products AS p LEFT JOIN temp.listed AS l ON l.sku = p.sku "
          "WHERE p.source = ?1 AND p.removed_at IS NULL"),
      count_absent_(connection, "count the products that are absent", fmt::format("SELECT count(*) {}", kAbsent)),
      absent_(connection, "find the products that are absent",
              fmt::format("SELECT p.sku, p.name {} AND p.sku > ?3 ORDER BY p.sku LIMIT ?4", kAbsent)) {}

std::vector<Standing> Listing::add(std::span<const ListedProduct> page, bool keep_all, int pass) {
  std::vector<Standing> standings;
  standings.reserve(page.size());
  Scope scope(connection_);
  for (const ListedProduct& row : page) standings.push_back(tables_.add(row, compare(row), keep_all, pass));
  scope.commit();
  return standings;
}

void Listing::note(std::span<const std::string_view> skus) {
  Scope scope(connection_);
  for (const std::string_view sku : skus) tables_.note(sku);
  scope.commit();
}

Standing Listing::compare(const ListedProduct& row) {
  look_up_.bind(1, row.sku).bind(2, source_);
  const Statement::Use use(look_up_);
  if (!look_up_.step() || !look_up_.is_null(1)) return Standing::unseen;
  return std::ranges::equal(look_up_.blob(0), row.list_hash) ? Standing::unchanged : Standing::changed;
}

std::optional<ListRow> Listing::stored(std::string_view sku) {
  stored_.bind(1, sku).bind(2, source_);
  const Statement::Use use(stored_);
  if (!stored_.step()) return std::nullopt;
  ListRow row{{}, std::string(stored_.text(1))};
  if (!stored_.is_null(0)) std::ranges::copy(stored_.blob(0), row.list_hash.begin());
  return row;
}

Overlap Listing::overlap() {
  overlap_.bind(1, source_);
  const Statement::Use use(overlap_);
  overlap_.step();
  if (overlap_.integer(2) > 0) return {true, overlap_.integer(2), overlap_.integer(3)};
  return {false, overlap_.integer(0), overlap_.integer(1)};
}

std::int64_t Listing::count_absent(bool list_is_whole) {
  count_absent_.bind(1, source_).bind(2, std::int64_t{list_is_whole});
  const Statement::Use use(count_absent_);
  return count_absent_.step() ? count_absent_.integer(0) : 0;
}

std::vector<RemovalCandidate> Listing::absent(bool list_is_whole, std::string_view after, int limit) {
  std::vector<RemovalCandidate> found;
  absent_.bind(1, source_).bind(2, std::int64_t{list_is_whole}).bind(3, after).bind(4, std::int64_t{limit});
  const Statement::Use use(absent_);
  while (absent_.step()) found.push_back({std::string(absent_.text(0)), std::string(absent_.text(1))});
  return found;
}

}  // namespace pipeline::store::sqlite
