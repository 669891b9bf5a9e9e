#include "support/sql.h"

#include <sqlite3.h>

#include <stdexcept>

namespace pipeline::test {
namespace {

int collect_row(void* rows, int columns, char** values, char**) {
  auto& row = static_cast<SqlRows*>(rows)->emplace_back();
  for (int i = 0; i < columns; ++i) row.emplace_back(values[i] == nullptr ? "NULL" : values[i]);
  return 0;
}

}  // namespace

void SqlConnection::Close::operator()(sqlite3* database) const noexcept {
  sqlite3_close(database);
}

SqlConnection::SqlConnection(const std::filesystem::path& path) : path_(path.string()) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path_.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
  database_.reset(raw);
  if (code != SQLITE_OK) throw std::runtime_error(path_ + ": " + sqlite3_errmsg(raw));
  sqlite3_busy_timeout(raw, 10'000);
}

SqlRows SqlConnection::run(const std::string& sql) const {
  SqlRows rows;
  if (sqlite3_exec(database_.get(), sql.c_str(), collect_row, &rows, nullptr) != SQLITE_OK)
    throw std::runtime_error(path_ + ": " + sql + ": " + sqlite3_errmsg(database_.get()));
  return rows;
}

SqlRows run_sql(const std::filesystem::path& path, const std::string& sql) {
  return SqlConnection(path).run(sql);
}

std::string sql_value(const std::filesystem::path& path, const std::string& sql) {
  const SqlRows rows = run_sql(path, sql);
  return rows.empty() ? "no row" : rows.front().front();
}

}  // namespace pipeline::test
