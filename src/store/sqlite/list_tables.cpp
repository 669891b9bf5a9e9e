#include "list_tables.h"

#include <algorithm>
#include <string>

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

}  // namespace

ListTables::ListTables(Connection& connection)
    : connection_(with_tables(connection)),
      note_(connection, "note a listed product",
            "INSERT INTO temp.listed (sku, standing, pass) VALUES (?1, ?2, ?3) ON CONFLICT (sku) DO NOTHING"),
      pass_(connection, "note that a product is listed again",
            "UPDATE temp.listed SET pass = ?2 WHERE sku = ?1 AND pass <> ?2"),
      keep_(connection, "keep a list row", "INSERT INTO temp.kept (sku, list_hash, json) VALUES (?1, ?2, ?3)"),
      take_(connection, "take a list row", "DELETE FROM temp.kept WHERE sku = ?1 RETURNING list_hash, json"),
      count_(connection, "count the listed products", "SELECT count(*) FROM temp.listed"),
      note_gone_(connection, "note a product that is gone",
                 "INSERT INTO temp.gone (sku) VALUES (?1) ON CONFLICT (sku) DO NOTHING") {}

Standing ListTables::add(const ListedProduct& row, Standing standing, bool keep_all, int pass) {
  note_.bind(1, row.sku).bind(2, static_cast<std::int64_t>(standing)).bind(3, std::int64_t{pass}).run();
  if (connection_.changes() == 0) {
    pass_.bind(1, row.sku).bind(2, std::int64_t{pass}).run();
    return connection_.changes() == 0 ? Standing::doubled : Standing::again;
  }
  if (keep_all || standing != Standing::unchanged)
    keep_.bind(1, row.sku).bind(2, row.list_hash).bind(3, row.json).run();
  return standing;
}

void ListTables::note(std::string_view sku) {
  note_.bind(1, sku).bind(2, static_cast<std::int64_t>(Standing::unchanged)).bind(3, std::int64_t{0}).run();
}

void ListTables::note_gone(std::string_view sku) {
  note_gone_.bind(1, sku).run();
}

std::optional<ListRow> ListTables::take(std::string_view sku) {
  take_.bind(1, sku);
  const Statement::Use use(take_);
  if (!take_.step()) return std::nullopt;
  ListRow kept{{}, std::string(take_.text(1))};
  std::ranges::copy(take_.blob(0), kept.list_hash.begin());
  take_.run();
  return kept;
}

std::int64_t ListTables::size() {
  const Statement::Use use(count_);
  count_.step();
  return count_.integer(0);
}

}  // namespace pipeline::store::sqlite
