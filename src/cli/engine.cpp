#include "engine.h"

#include "pipeline/base/error.h"
#include "pipeline/store_postgres/database.h"
#include "pipeline/store_sqlite/database.h"

#include <fmt/format.h>

namespace pipeline::cli {
namespace {

constexpr const char* kInMemory = ":memory:";

// `mysql` of mysql://…; empty: it is a path.
std::string scheme_of(const std::string& db) {
  const auto end = db.find("://");
  const bool is_word = end != std::string::npos && db.find_first_not_of("abcdefghijklmnopqrstuvwxyz+.-") >= end;
  return is_word ? db.substr(0, end) : std::string();
}

}  // namespace

// What follows the scheme may be a password, and is not shown.
std::unique_ptr<store::Database> choose_database(const std::string& db) {
  if (store::postgres::is_address(db))
    return store::postgres::server_database(db, store::sqlite::run_list, store::sqlite::file_database(kInMemory));
  if (const auto scheme = scheme_of(db); !scheme.empty())
    throw UsageError(fmt::format(
        "--db {}://…: a SQLite database in a file can be used, or a PostgreSQL server (postgresql://…)", scheme));
  return store::sqlite::file_database(db);
}

std::string database_of_store(const std::string& db, const std::string& store) {
  return store::postgres::is_address(db) ? store::postgres::address_of_store(db, store) : db;
}

}  // namespace pipeline::cli
