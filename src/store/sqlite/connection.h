#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/metrics/metrics.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;

namespace pipeline::store::sqlite {

// The file as a URI that tells SQLite that nobody writes to it: no -wal or -shm file is made or looked for.
[[nodiscard]] std::string immutable_uri(const std::filesystem::path& path);

// Throws Error when this user may not write to the file, or to its folder.
void check_writable(const std::filesystem::path& path);

// One connection to a database file, for one thread at a time. Opening for writing creates the file, sets WAL with
// synchronous=FULL (a committed batch is durable), and migrates the schema forward in one transaction. Opening
// read-only takes a file that is there and leaves nothing behind; temporary tables work, writing to the file is
// refused. Throws Error or UsageError, naming the file and what to do: a file that is no database, one of another
// program, one newer than this program, one that can't be written; TryLaterError when another process keeps it locked.
class Connection {
 public:
  // any_schema: read-only, also of an older version, which is not brought up to date. temporary: there is no file, and
  // the path is a name for people; what is put into temporary tables goes with the connection.
  enum class Mode { read_write, read_only, any_schema, temporary };

  // The clock and the metrics are borrowed; without metrics nothing is measured.
  Connection(const std::filesystem::path& path, Mode mode, const Clock& clock, metrics::Metrics* metrics = nullptr,
             std::chrono::milliseconds patience = std::chrono::seconds(30));
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

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

  // Times the rows of a batch, without its commit, until it goes.
  [[nodiscard]] std::unique_ptr<metrics::ScopedTimer> time_rows() const;

 private:
  friend class Transaction;
  struct Close {
    void operator()(sqlite3* handle) const noexcept;
  };
  struct Meters {
    metrics::Metrics& all;
    metrics::Timer transaction;
    metrics::Timer lock_wait;
    metrics::Counter conflicts;
    metrics::Timer rows;
  };
  static int on_busy(void* connection, int calls) noexcept;
  void open_read_write();
  void open_read_only();
  void connect(const std::string& name, int flags);

  const std::filesystem::path path_;
  const Mode mode_;
  const Clock& clock_;
  const std::chrono::milliseconds patience_;
  std::optional<Meters> meters_;

  std::chrono::milliseconds waited_{0};  // by the statement that runs, for another process
  SteadyTime waiting_since_{};
  std::unique_ptr<sqlite3, Close> handle_;
};

}  // namespace pipeline::store::sqlite
