#include "engine.h"

#include "pipeline/base/error.h"
#include "pipeline/store_sqlite/database.h"

#include <fmt/format.h>

namespace pipeline::cli {
namespace {

// `postgresql` of postgresql://…; empty: it is a path.
std::string scheme_of(const std::string& db) {
  const auto end = db.find("://");
  const bool is_word = end != std::string::npos && db.find_first_not_of("abcdefghijklmnopqrstuvwxyz+.-") >= end;
  return is_word ? db.substr(0, end) : std::string();
}

}  // namespace

// What follows the scheme may be a password, and is not shown.
std::unique_ptr<store::Database> choose_database(const std::string& db) {
  if (const auto scheme = scheme_of(db); !scheme.empty())
    throw UsageError(fmt::format("--db {}://…: only a SQLite database in a file can be used: name the file", scheme));
  return store::sqlite::file_database(db);
}

}  // namespace pipeline::cli
