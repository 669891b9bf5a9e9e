#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/metrics/metrics.h"
#include "pipeline/store/statement.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

struct sqlite3;

namespace pipeline::store {

// How long a statement waits for another process's write before it gives up.
inline constexpr std::chrono::milliseconds kLockPatience{30'000};

// One connection to the project's database, for one thread at a time. Opening for writing creates the file, sets WAL
// with synchronous=FULL (a committed batch is durable), and migrates the schema forward in one transaction. Opening
// read-only takes a file that is there and leaves nothing behind; temporary tables work, writing to the file is
// refused. Throws Error or UsageError, naming the file and what to do: a file that is no database, one of another
// program, one newer than this program, one that can't be written; TryLaterError when another process keeps it locked.
class Database {
 public:
  enum class Mode { read_write, read_only };

  Database(const std::filesystem::path& path, Mode mode, const Clock& clock, metrics::Metrics& metrics,
           std::chrono::milliseconds patience = kLockPatience);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // For what is done once; `purpose` completes an error message ("set the journal mode").
  void execute(std::string_view purpose, const char* sql);

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] Mode mode() const noexcept { return mode_; }
  [[nodiscard]] const Clock& clock() const noexcept { return clock_; }
  [[nodiscard]] sqlite3* handle() const noexcept { return handle_.get(); }
  [[nodiscard]] std::int64_t changes() const noexcept;  // rows the last INSERT, UPDATE or DELETE changed
  [[nodiscard]] bool in_transaction() const noexcept;

  // Throws what SQLite says of its last call.
  [[noreturn]] void fail(std::string_view purpose) const;

 private:
  friend class Transaction;
  struct Close {
    void operator()(sqlite3* handle) const noexcept;
  };
  static int on_busy(void* database, int calls) noexcept;
  void open_read_write();
  void open_read_only();
  void connect(const std::string& name, int flags);

  const std::filesystem::path path_;
  const Mode mode_;
  const Clock& clock_;
  metrics::Metrics& metrics_;
  const std::chrono::milliseconds patience_;
  metrics::Timer txn_seconds_;
  metrics::Timer lock_wait_seconds_;
  metrics::Counter conflict_total_;

  std::chrono::milliseconds waited_{0};  // by the statement that runs, for another process
  SteadyTime waiting_since_{};
  std::unique_ptr<sqlite3, Close> handle_;
};

// BEGIN IMMEDIATE … COMMIT; rolled back unless committed. Waits for another writer as long as the database's patience,
// timed as db_lock_wait_seconds (only when there was a wait, and then counted in db_conflict_total), then throws
// TryLaterError. The whole, committed or not, is timed as db_txn_seconds. A commit that fails (disk full) throws Error;
// what was committed before is kept.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  SteadyTime started_;
  bool open_ = true;
};

}  // namespace pipeline::store
