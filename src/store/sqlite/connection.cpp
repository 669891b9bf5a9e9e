#include "connection.h"

#include "pipeline/base/error.h"
#include "pipeline/base/folder.h"

#include "schema.h"
#include "statement.h"

#include <fmt/core.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <thread>

namespace fs = std::filesystem;

namespace pipeline::store::sqlite {
namespace {

constexpr std::chrono::milliseconds kLongestPause{25};
constexpr std::string_view kInMemory = ":memory:";

// What is missing is not denied: that is for SQLite to tell, or to make.
bool is_denied(const fs::path& path) {
  return ::access(path.c_str(), W_OK) != 0 && errno != ENOENT;
}

bool is_write_denied(const fs::path& path) {
  return is_denied(path) || is_denied(folder_of(path));
}

// What a run that was killed, or one that is still at it, has written but not yet moved into the database file.
bool has_log(const fs::path& path) {
  std::error_code missing;
  const auto size = fs::file_size(path.string() + "-wal", missing);
  return !missing && size > 0;
}

// SQLite needs locks of its file system, and memory that all connections share: the index of the write-ahead log,
// mapped from the file beside it. Full disks and want of memory are other faults.
bool cannot_be_shared(int extended, int reason) noexcept {
  switch (extended) {
    case SQLITE_IOERR_SHMOPEN:
    case SQLITE_IOERR_SHMSIZE:
    case SQLITE_IOERR_SHMLOCK:
    case SQLITE_IOERR_SHMMAP:
    case SQLITE_IOERR_LOCK:
    case SQLITE_IOERR_RDLOCK:
    case SQLITE_IOERR_CHECKRESERVEDLOCK:
      return reason != ENOSPC && reason != EDQUOT && reason != ENOMEM;
    default:
      return false;
  }
}

int refuse_writes(void*, int action, const char*, const char*, const char* connection, const char*) {
  const bool writes = action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE;
  return writes && connection != nullptr && std::strcmp(connection, "main") == 0 ? SQLITE_DENY : SQLITE_OK;
}

}  // namespace

std::string immutable_uri(const fs::path& path) {
  std::string uri = "file:";
  for (const char c : path.string()) {
    if (c == '%' || c == '?' || c == '#') {
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      uri += c;
    }
  }
  return uri + "?immutable=1";
}

void check_writable(const fs::path& path) {
  if (is_write_denied(path))
    throw Error(
        fmt::format("{}: the database can't be written: allow writing to the file and to its folder {}, where "
                    "SQLite keeps a journal beside it",
                    path.string(), folder_of(path).string()));
}

void Connection::Close::operator()(sqlite3* handle) const noexcept {
  sqlite3_close_v2(handle);
}

Connection::Connection(const fs::path& path, Mode mode, const Clock& clock, metrics::Metrics* metrics,
                       std::chrono::milliseconds patience)
    : path_(path), mode_(mode), clock_(clock), patience_(patience) {
  if (metrics != nullptr)
    meters_.emplace(Meters{*metrics, metrics->timer("db_txn_seconds"), metrics->timer("db_lock_wait_seconds"),
                           metrics->counter("db_conflict_total"), metrics->timer("db_upsert_seconds")});
  if (mode == Mode::read_write)
    open_read_write();
  else if (mode == Mode::temporary)
    connect(std::string(kInMemory), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  else
    open_read_only();
}

Connection::~Connection() = default;

void Connection::connect(const std::string& name, int flags) {
  // SQLite's own count of its memory costs a lock an allocation. It can be turned off before the first use only.
  [[maybe_unused]] static const int memory_is_not_counted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  handle_.reset(handle);  // SQLite gives a handle even then, to ask for the reason
  if (code != SQLITE_OK) fail("open the database");
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_handler(handle, &Connection::on_busy, this);
  execute("set up the connection", "PRAGMA trusted_schema = OFF; PRAGMA cache_size = -16000");
}

void Connection::open_read_write() {
  const bool in_memory = path_ == kInMemory;
  if (!in_memory) check_writable(path_);
  connect(path_.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  // secure_delete, which Debian turns on, overwrites freed pages with zeros: more to write, and nothing here is secret.
  execute("set up the connection",
          "PRAGMA page_size = 4096; PRAGMA synchronous = FULL; PRAGMA secure_delete = OFF; PRAGMA wal_autocheckpoint = "
          "4000");
  migrate(*this);  // before anything is changed: the file may be another program's
  if (in_memory) return;
  {
    Statement journal_mode(*this, "switch to a write-ahead log", "PRAGMA journal_mode = WAL");
    const Statement::Use use(journal_mode);
    if (!journal_mode.step() || journal_mode.text(0) != "wal") {
      throw UsageError(fmt::format(
          "{}: its file system can't keep a write-ahead log: put the database on a local disk, and name it with --db",
          path_.string()));
    }
  }
  // A file that is new has not used the log yet: what the file system lacks for it is told before the work begins.
  execute("use the write-ahead log", "SELECT 1 FROM sqlite_schema LIMIT 1");
}

// A connection that SQLite itself holds read-only leaves empty -wal and -shm files behind; one that could write removes
// them at its end. Where the file may be written, such a one is opened, and refuse_writes keeps it from writing.
void Connection::open_read_only() {
  const bool log_left = has_log(path_);
  if (!is_write_denied(path_)) {
    connect(path_.string(), SQLITE_OPEN_READWRITE);
    // The log of a killed run is read, but not moved into the file.
    if (log_left) sqlite3_db_config(handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  } else if (log_left) {
    connect(path_.string(), SQLITE_OPEN_READONLY);
  } else {
    connect(immutable_uri(path_), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
  }
  sqlite3_set_authorizer(handle(), &refuse_writes, nullptr);
  if (mode_ == Mode::any_schema)
    (void)schema_version(*this);
  else
    migrate(*this);
}

int Connection::on_busy(void* connection, int calls) noexcept {
  auto& self = *static_cast<Connection*>(connection);
  if (calls == 0) {
    self.waited_ = std::chrono::milliseconds(0);
    self.waiting_since_ = self.clock_.now();
  }
  if (self.waited_ >= self.patience_) return 0;
  // The pauses are added up, rather than a clock read, so that a clock turned by hand can't make this wait for ever.
  const auto pause = std::clamp(self.waited_, std::chrono::milliseconds(1), kLongestPause);
  std::this_thread::sleep_for(pause);
  self.waited_ += pause;
  return 1;
}

void Connection::execute(std::string_view purpose, const char* sql) {
  if (sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail(purpose);
}

std::unique_ptr<metrics::ScopedTimer> Connection::time_rows() const {
  return meters_ ? std::make_unique<metrics::ScopedTimer>(meters_->all, meters_->rows, metrics::Tags{}) : nullptr;
}

std::int64_t Connection::changes() const noexcept {
  return sqlite3_changes64(handle());
}

bool Connection::in_transaction() const noexcept {
  return sqlite3_get_autocommit(handle()) == 0;
}

void Connection::fail(std::string_view purpose) const {
  const int extended = sqlite3_extended_errcode(handle());
  std::string message =
      fmt::format("{}: {}: {} (SQLite {})", path_.string(), purpose, sqlite3_errmsg(handle()), extended);
  const int kind = extended & 0xff;
  const int reason = kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN ? sqlite3_system_errno(handle()) : 0;
  if (reason != 0) message += fmt::format(", {}", std::generic_category().message(reason));
  if (cannot_be_shared(extended, reason))
    throw UsageError(fmt::format(
        "{}: its file system lacks the locks or the shared memory that a database needs, as network shares and some "
        "mounts do: put the database on a local disk, and name it with --db",
        message));
  switch (kind) {
    case SQLITE_BUSY:
      throw TryLaterError(fmt::format("{}: another process is writing to the database: try again later", message));
    case SQLITE_NOTADB:
      throw UsageError(fmt::format("{}: choose another file with --db", message));
    case SQLITE_CORRUPT:
      throw Error(fmt::format("{}: the file is damaged: restore a copy of it, or move it away and sync anew", message));
    case SQLITE_FULL:
    case SQLITE_IOERR:
      throw Error(
          fmt::format("{}: batches committed before are kept; make room or mend the disk, then run again", message));
    default:
      throw Error(message);
  }
}

}  // namespace pipeline::store::sqlite
