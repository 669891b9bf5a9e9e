#include "listing.h"

#include "transaction.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace pipeline::store::sqlite {
namespace {

// Makes the tables before the statements that use them are prepared, in the constructor's list of members. Their
// journal is kept in memory, where it holds the pages of one transaction: a file of its own for each costs six times
// the work.
Connection& with_tables(Connection& connection) {
  connection.execute(
      "make the temporary tables of the list",
      "PRAGMA temp.journal_mode = MEMORY;"
      "CREATE TEMP TABLE IF NOT EXISTS listed (sku TEXT NOT NULL PRIMARY KEY, standing INTEGER NOT NULL, "
      "pass INTEGER NOT NULL) WITHOUT ROWID;"
      "CREATE TEMP TABLE IF NOT EXISTS kept (sku TEXT NOT NULL PRIMARY KEY, list_hash BLOB NOT NULL, "
      "json TEXT NOT NULL);"
      "CREATE TEMP TABLE IF NOT EXISTS gone (sku TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID;"
      "DELETE FROM temp.listed; DELETE FROM temp.kept; DELETE FROM temp.gone");
  return connection;
}

// Of the products of source ?1; ?2: the list is whole.
constexpr std::string_view kAbsent =
    "FROM products AS p WHERE p.source = ?1 AND p.removed_at IS NULL "
    "AND ((?2 AND NOT EXISTS (SELECT 1 FROM temp.listed AS l WHERE l.sku = p.sku)) "
    "OR EXISTS (SELECT 1 FROM temp.gone AS g WHERE g.sku = p.sku))";

}  // namespace

Listing::Listing(Connection& connection, std::string source)
    : connection_(with_tables(connection)),
      source_(std::move(source)),
      look_up_(connection, "look up a listed product",
               "SELECT list_hash, removed_at FROM products WHERE sku = ?1 AND source = ?2"),
      note_(connection, "note a listed product",
            "INSERT INTO temp.listed (sku, standing, pass) VALUES (?1, ?2, ?3) ON CONFLICT (sku) DO NOTHING"),
      keep_(connection, "keep a list row", "INSERT INTO temp.kept (sku, list_hash, json) VALUES (?1, ?2, ?3)"),
      take_(connection, "take a list row", "DELETE FROM temp.kept WHERE sku = ?1 RETURNING list_hash, json"),
      stored_(connection, "read a stored list row",
              "SELECT list_hash, list_json FROM products WHERE sku = ?1 AND source = ?2 AND list_json IS NOT NULL"),
      count_(connection, "count the listed products", "SELECT count(*) FROM temp.listed"),
      pass_(connection, "note that a product is listed again",
            "UPDATE temp.listed SET pass = ?2 WHERE sku = ?1 AND pass <> ?2"),
      overlap_(
          connection, "find known products in the list",
          "SELECT count(*), count(l.sku), count(p.list_json), count(CASE WHEN p.list_json IS NOT NULL THEN l.sku END) "
          "FROM products AS p LEFT JOIN temp.listed AS l ON l.sku = p.sku "
          "WHERE p.source = ?1 AND p.removed_at IS NULL"),
      note_gone_(connection, "note a product that is gone",
                 "INSERT INTO temp.gone (sku) VALUES (?1) ON CONFLICT (sku) DO NOTHING"),
      count_absent_(connection, "count the products that are absent", fmt::format("SELECT count(*) {}", kAbsent)),
      absent_(connection, "find the products that are absent",
              fmt::format("SELECT p.sku, p.name {} AND p.sku > ?3 ORDER BY p.sku LIMIT ?4", kAbsent)) {}

std::vector<Standing> Listing::add(std::span<const ListedProduct> page, bool keep_all, int pass) {
  std::vector<Standing> standings;
  standings.reserve(page.size());
  Scope scope(connection_);
  for (const ListedProduct& row : page) {
    Standing standing = compare(row);
    note_.bind(1, row.sku).bind(2, static_cast<std::int64_t>(standing)).bind(3, std::int64_t{pass}).run();
    if (connection_.changes() == 0) {
      pass_.bind(1, row.sku).bind(2, std::int64_t{pass}).run();
      standing = connection_.changes() == 0 ? Standing::doubled : Standing::again;
    } else if (keep_all || standing != Standing::unchanged) {
      keep_.bind(1, row.sku).bind(2, row.list_hash).bind(3, row.json).run();
    }
    standings.push_back(standing);
  }
  scope.commit();
  return standings;
}

void Listing::note(std::span<const std::string_view> skus) {
  Scope scope(connection_);
  for (const std::string_view sku : skus)
    note_.bind(1, sku).bind(2, static_cast<std::int64_t>(Standing::unchanged)).bind(3, std::int64_t{0}).run();
  scope.commit();
}

Standing Listing::compare(const ListedProduct& row) {
  look_up_.bind(1, row.sku).bind(2, source_);
  const Statement::Use use(look_up_);
  if (!look_up_.step() || !look_up_.is_null(1)) return Standing::unseen;
  return std::ranges::equal(look_up_.blob(0), row.list_hash) ? Standing::unchanged : Standing::changed;
}

std::optional<ListRow> Listing::take(std::string_view sku) {
  take_.bind(1, sku);
  const Statement::Use use(take_);
  if (!take_.step()) return std::nullopt;
  ListRow kept{{}, std::string(take_.text(1))};
  std::ranges::copy(take_.blob(0), kept.list_hash.begin());
  take_.run();
  return kept;
}

std::optional<ListRow> Listing::stored(std::string_view sku) {
  stored_.bind(1, sku).bind(2, source_);
  const Statement::Use use(stored_);
  if (!stored_.step()) return std::nullopt;
  ListRow row{{}, std::string(stored_.text(1))};
  if (!stored_.is_null(0)) std::ranges::copy(stored_.blob(0), row.list_hash.begin());
  return row;
}

std::int64_t Listing::size() {
  const Statement::Use use(count_);
  count_.step();
  return count_.integer(0);
}

Overlap Listing::overlap() {
  overlap_.bind(1, source_);
  const Statement::Use use(overlap_);
  overlap_.step();
  if (overlap_.integer(2) > 0) return {true, overlap_.integer(2), overlap_.integer(3)};
  return {false, overlap_.integer(0), overlap_.integer(1)};
}

void Listing::note_gone(std::string_view sku) {
  note_gone_.bind(1, sku).run();
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
