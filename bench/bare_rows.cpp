#include "bare_rows.h"

#include <fmt/core.h>
#include <sqlite3.h>

#include <cstdint>
#include <fstream>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace pipeline::bench {
namespace {

constexpr int kBatch = 1000;

// The settings of a database that must not lose a committed batch, with room for the log of several.
constexpr const char* kSettings =
    "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16000; "
    "PRAGMA wal_autocheckpoint = 4000";
constexpr const char* kSchema =
    "CREATE TABLE IF NOT EXISTS rows (key TEXT NOT NULL PRIMARY KEY, hash INTEGER, first INTEGER, second INTEGER, "
    "third TEXT, line TEXT); "
    "CREATE INDEX IF NOT EXISTS rows_by_third ON rows (third); "
    "CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, key TEXT NOT NULL, at INTEGER)";

struct Close {
  void operator()(sqlite3* db) const noexcept { ::sqlite3_close(db); }
  void operator()(sqlite3_stmt* statement) const noexcept { ::sqlite3_finalize(statement); }
};

class Rows {
 public:
  explicit Rows(const std::filesystem::path& path) {
    sqlite3* db = nullptr;
    const int code = ::sqlite3_open(path.c_str(), &db);
    db_.reset(db);
    if (code != SQLITE_OK) fail("open");
    execute(kSettings);
    execute(kSchema);
  }

  void execute(const char* sql) const {
    if (::sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail(sql);
  }
  [[noreturn]] void fail(const char* what) const {
    throw std::runtime_error(fmt::format("bare rows: {}: {}", what, ::sqlite3_errmsg(db_.get())));
  }
  [[nodiscard]] int changes() const noexcept { return ::sqlite3_changes(db_.get()); }
  [[nodiscard]] sqlite3* get() const noexcept { return db_.get(); }

 private:
  std::unique_ptr<sqlite3, Close> db_;
};

class Sql {
 public:
  Sql(const Rows& rows, const char* sql) : rows_(rows) {
    sqlite3_stmt* statement = nullptr;
    if (::sqlite3_prepare_v2(rows.get(), sql, -1, &statement, nullptr) != SQLITE_OK) rows.fail(sql);
    statement_.reset(statement);
  }

  Sql& bind(int place, std::string_view text) {
    ::sqlite3_bind_text(statement_.get(), place, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    return *this;
  }
  Sql& bind(int place, std::int64_t number) {
    ::sqlite3_bind_int64(statement_.get(), place, number);
    return *this;
  }
  // The first column, 0 where there is no row.
  std::int64_t run() {
    const int code = ::sqlite3_step(statement_.get());
    if (code != SQLITE_ROW && code != SQLITE_DONE) rows_.fail("step");
    const std::int64_t value = code == SQLITE_ROW ? ::sqlite3_column_int64(statement_.get(), 0) : 0;
    ::sqlite3_reset(statement_.get());
    return value;
  }

 private:
  const Rows& rows_;
  std::unique_ptr<sqlite3_stmt, Close> statement_;
};

// FNV-1a: every byte is looked at once, as any hash does.
std::int64_t hash_of(std::string_view line) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : line) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return static_cast<std::int64_t>(hash);
}

std::string_view key_of(std::string_view line) {
  constexpr std::string_view kBefore = R"("sku":")";
  const auto at = line.find(kBefore);
  if (at == std::string_view::npos) throw std::runtime_error("bare rows: a line without a key");
  const auto rest = line.substr(at + kBefore.size());
  return rest.substr(0, rest.find('"'));
}

void for_each_line(const Rows& rows, const std::filesystem::path& feed,
                   const std::function<void(const std::string&)>& visit) {
  std::ifstream lines(feed);
  if (!lines) throw std::runtime_error("bare rows: can't read " + feed.string());
  rows.execute("BEGIN IMMEDIATE");
  int count = 0;
  for (std::string line; std::getline(lines, line);) {
    visit(line);
    if (++count % kBatch == 0) rows.execute("COMMIT; BEGIN IMMEDIATE");
  }
  rows.execute("COMMIT");
}

}  // namespace

void run_bare_load(const std::filesystem::path& feed, const std::filesystem::path& db) {
  const Rows rows(db);
  Sql insert(rows, "INSERT INTO rows VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
  Sql note(rows, "INSERT INTO notes (key, at) VALUES (?1, ?2)");
  for_each_line(rows, feed, [&](const std::string& line) {
    const std::int64_t hash = hash_of(line);
    const auto key = key_of(line);
    (void)insert.bind(1, key).bind(2, hash).bind(3, hash % 1000).bind(4, hash % 77).bind(5, key).bind(6, line).run();
    (void)note.bind(1, key).bind(2, hash).run();
  });
}

void run_bare_look_ups(const std::filesystem::path& feed, const std::filesystem::path& db) {
  const Rows rows(db);
  Sql look_up(rows, "SELECT hash FROM rows WHERE key = ?1");
  for_each_line(rows, feed, [&](const std::string& line) {
    if (look_up.bind(1, key_of(line)).run() != hash_of(line)) throw std::runtime_error("bare rows: a hash differs");
  });
}

void run_bare_changes(const std::filesystem::path& feed, const std::filesystem::path& db) {
  const Rows rows(db);
  Sql look_up(rows, "SELECT hash FROM rows WHERE key = ?1");
  Sql update(rows, "UPDATE rows SET hash = ?2, first = ?3, second = ?4, line = ?5 WHERE key = ?1");
  Sql note(rows, "INSERT INTO notes (key, at) VALUES (?1, ?2)");
  for_each_line(rows, feed, [&](const std::string& line) {
    const std::int64_t hash = hash_of(line);
    const auto key = key_of(line);
    if (look_up.bind(1, key).run() == hash) throw std::runtime_error("bare rows: nothing to change");
    (void)update.bind(1, key).bind(2, hash).bind(3, hash % 1000).bind(4, hash % 77).bind(5, line).run();
    if (rows.changes() != 1) throw std::runtime_error("bare rows: a row is missing");
    (void)note.bind(1, key).bind(2, hash).run();
  });
}

}  // namespace pipeline::bench
