#include "statement.h"

#include "pipeline/base/error.h"

#include "connection.h"

#include <fmt/core.h>
#include <sqlite3.h>

namespace pipeline::store::sqlite {

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

Statement::Statement(Connection& connection, std::string_view purpose, std::string_view sql)
    : connection_(connection), purpose_(purpose) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(connection.handle(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  // A read-only database doesn't allow statements that write to it. Classes prepare all of theirs when they are made,
  // so such a one stays empty and is refused when it is used.
  if (code != SQLITE_OK && code != SQLITE_AUTH) connection.fail(purpose);
  statement_.reset(statement);
}

Statement& Statement::check(int code) {
  if (statement_ == nullptr) {
    throw Error(fmt::format("{}: {}: the database was opened read-only", connection_.path().string(), purpose_));
  }
  if (code != SQLITE_OK) connection_.fail(purpose_);
  return *this;
}

Statement& Statement::bind(int index, std::int64_t value) {
  return check(sqlite3_bind_int64(statement_.get(), index, value));
}

Statement& Statement::bind(int index, std::string_view text) {
  // An empty view may have no address, which SQLite would take for NULL.
  const char* data = text.data() == nullptr ? "" : text.data();
  return check(sqlite3_bind_text64(statement_.get(), index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

Statement& Statement::bind(int index, std::span<const std::uint8_t> bytes) {
  if (bytes.empty()) return check(sqlite3_bind_zeroblob(statement_.get(), index, 0));
  return check(sqlite3_bind_blob64(statement_.get(), index, bytes.data(), bytes.size(), SQLITE_STATIC));
}

Statement& Statement::bind(int index, WallTime time) {
  return bind(index, static_cast<std::int64_t>(time.time_since_epoch().count()));
}

Statement& Statement::bind(int index, std::nullopt_t) {
  return check(sqlite3_bind_null(statement_.get(), index));
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  // The reset hands the step's error on to the connection, where fail() reads it.
  check(sqlite3_reset(statement_.get()));
  return false;
}

void Statement::run() {
  while (step()) {
  }
}

void Statement::reset() noexcept {
  sqlite3_reset(statement_.get());
}

Statement::Kind Statement::kind(int column) const {
  switch (sqlite3_column_type(statement_.get(), column)) {
    case SQLITE_NULL:
      return Kind::null;
    case SQLITE_INTEGER:
      return Kind::integer;
    case SQLITE_BLOB:
      return Kind::blob;
    default:
      return Kind::text;  // no column is of real numbers
  }
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view Statement::text(int column) const {
  const std::span<const std::uint8_t> bytes = blob(column);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::span<const std::uint8_t> Statement::blob(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

}  // namespace pipeline::store::sqlite
