#include "backups.h"

#include "pipeline/base/error.h"
#include "pipeline/base/file.h"
#include "pipeline/base/folder.h"
#include "pipeline/base/owner.h"

#include "connection.h"
#include "schema.h"
#include "statement.h"
#include "transaction.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <functional>
#include <memory>
#include <new>
#include <string_view>
#include <system_error>
#include <thread>

namespace fs = std::filesystem;

namespace pipeline::store::sqlite {
namespace {

using std::chrono::milliseconds;

constexpr int kPagesAStep = 256;  // a megabyte: some milliseconds
constexpr milliseconds kLongestStepPause{20};
constexpr milliseconds kPoll{25};
// Beside a database: what would be taken for a part of another one that gets its name.
constexpr std::array<const char*, 2> kLogs{"-wal", "-journal"};

struct Close {
  void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
};
// A database of whatever kind and state, on which nothing was set.
using Handle = std::unique_ptr<sqlite3, Close>;

struct Finish {
  void operator()(sqlite3_backup* backup) const noexcept { sqlite3_backup_finish(backup); }
};

// Also of one that can't be opened: the handle is asked for the reason.
Handle open(const std::string& name, int flags, const char* vfs = nullptr) {
  sqlite3* handle = nullptr;
  (void)sqlite3_open_v2(name.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, vfs);
  if (handle == nullptr) throw std::bad_alloc();
  return Handle(handle);
}

// The first value of the first row, as text.
int read_value(sqlite3* handle, const char* sql, std::string& value) {
  const auto take = [](void* out, int n, char** values, char**) {
    auto& text = *static_cast<std::string*>(out);
    if (n > 0 && values[0] != nullptr && text.empty()) text = values[0];
    return 0;
  };
  value.clear();
  return sqlite3_exec(handle, sql, take, &value, nullptr);
}

// What SQLite says of its last call, with the system's reason where it has one.
std::string reason_of(sqlite3* handle) {
  const int kind = sqlite3_errcode(handle) & 0xff;
  const int system = kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN ? sqlite3_system_errno(handle) : 0;
  return system == 0 ? sqlite3_errmsg(handle)
                     : fmt::format("{}, {}", sqlite3_errmsg(handle), std::generic_category().message(system));
}

std::int64_t number_in(const std::string& text) {
  return text.empty() ? 0 : std::stoll(text);
}

// --- copying ---

std::uint64_t page_size(Connection& connection) {
  Statement statement(connection, "ask for the page size", "PRAGMA page_size");
  const Statement::Use use(statement);
  return statement.step() ? static_cast<std::uint64_t>(statement.integer(0)) : 0;
}

[[noreturn]] void refuse_step(int code, sqlite3* target, const fs::path& path, const fs::path& file) {
  const int kind = code & 0xff;
  if (kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB)
    throw Error(fmt::format("{} is damaged: {}: restore a backup of before, or move it away and sync anew",
                            path.string(), sqlite3_errstr(code)));
  const int system = sqlite3_system_errno(target);
  const std::string why = system == 0 ? "" : ", " + std::generic_category().message(system);
  throw Error(fmt::format("cannot copy {} to {}: {}{}: make room there, or name another place", path.string(),
                          file.string(), sqlite3_errstr(code), why));
}

// --- examining ---

[[noreturn]] void refuse_file(sqlite3* handle, const std::string& name) {
  if ((sqlite3_errcode(handle) & 0xff) == SQLITE_NOTADB)
    throw UsageError(fmt::format("{} is no database, and no backup of one: name another file", name));
  throw Error(fmt::format("{} can't be read as a database: {}: take another copy of it", name, reason_of(handle)));
}

std::string value_of(sqlite3* handle, const char* sql, const std::string& name) {
  std::string value;
  if (read_value(handle, sql, value) != SQLITE_OK) refuse_file(handle, name);
  return value;
}

CopyFacts facts_of(sqlite3* handle, const fs::path& file, const std::string& name) {
  sqlite3_extended_result_codes(handle, 1);
  const auto text = [&](const char* sql) { return value_of(handle, sql, name); };
  CopyFacts facts{.schema = number_in(text("PRAGMA user_version")), .bytes = fs::file_size(file)};
  if (number_in(text("PRAGMA application_id")) != kApplicationId)
    throw UsageError(
        fmt::format("{} is no database of pipeline's: it is empty, or another program's: name another file", name));
  if (facts.schema > kSchemaVersion)
    throw Error(
        fmt::format("{} is of a newer pipeline (schema {}, this program knows {}): update the program, or name "
                    "an older backup",
                    name, facts.schema, kSchemaVersion));
  if (const auto found = text("PRAGMA quick_check(1)"); found != "ok")
    throw Error(fmt::format("{} is damaged: {}: take another copy of it", name, found));
  facts.products = number_in(text("SELECT count(*) FROM products"));
  return facts;
}

// --- putting in place ---

void sync_file(const fs::path& file) {
  const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0)
    throw Error(fmt::format("cannot write {}: {}", file.string(), std::strerror(errno)));
}

void rename_file(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0)
    throw Error(fmt::format("cannot rename {} to {}: {}", from.string(), to.string(), std::strerror(errno)));
}

// Tries again while another process is in the way.
int patiently(milliseconds patience, const std::function<int()>& call) {
  for (milliseconds waited{0};; waited += kPoll) {
    const int code = call();
    if ((code & 0xff) != SQLITE_BUSY || waited >= patience) return code;
    std::this_thread::sleep_for(kPoll);
  }
}

// Folds the log into the database and keeps everybody else out of it, until the handle goes: a name that changes hands
// under a process that writes would have its log written beside the wrong file. Null: it is too damaged for that.
Handle lock_out_others(const fs::path& path, milliseconds patience) {
  Handle handle = open(path.string(), SQLITE_OPEN_READWRITE);
  sqlite3_db_config(handle.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);  // of a damaged one the log stays
  std::string mode;
  int code = patiently(patience, [&] { return read_value(handle.get(), "PRAGMA journal_mode = DELETE", mode); });
  if (code == SQLITE_OK)
    code =
        patiently(patience, [&] { return sqlite3_exec(handle.get(), "BEGIN EXCLUSIVE", nullptr, nullptr, nullptr); });
  if (code == SQLITE_OK) return handle;
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return nullptr;
    case SQLITE_BUSY:
      throw TryLaterError(fmt::format(
          "{} is in use: another process has it open: end what works with it, then restore again", path.string()));
    default:
      throw Error(fmt::format("{} can't be closed off: {}: move it away by hand, its -wal with it, then restore again",
                              path.string(), reason_of(handle.get())));
  }
}

// A second name for what is there, so that it is never without one; where the file system has none, another name.
void set_aside(const fs::path& path, const fs::path& aside) {
  if (::link(path.c_str(), aside.c_str()) == 0) return;
  if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS)
    throw Error(fmt::format("cannot keep {} as {}: {}", path.string(), aside.string(), std::strerror(errno)));
  rename_file(path, aside);
}

}  // namespace

Backups::Backups(const fs::path& path, const Clock& clock) : path_(fs::weakly_canonical(path)), clock_(clock) {}

// The transaction that reads keeps the moment: without it SQLite would begin anew with each change of another
// connection's, and beside a busy sync never come to an end.
void Backups::copy_to(const fs::path& file, const Told& told) {
  Connection source(path_, Connection::Mode::any_schema, clock_);
  const Scope moment(source);
  source.execute("begin to copy", "SELECT count(*) FROM sqlite_schema");  // what is read first fixes the moment
  const std::uint64_t page = page_size(source);
  // Nobody else knows the file, and a folder on a share may have no locks.
  const Handle target = open(file.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "unix-none");
  sqlite3_exec(target.get(), "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", nullptr, nullptr, nullptr);
  const std::unique_ptr<sqlite3_backup, Finish> backup(
      sqlite3_backup_init(target.get(), "main", source.handle(), "main"));
  if (backup == nullptr) refuse_step(sqlite3_errcode(target.get()), target.get(), path_, file);
  while (true) {
    const auto began = std::chrono::steady_clock::now();
    const int code = sqlite3_backup_step(backup.get(), kPagesAStep);
    if (code == SQLITE_DONE) return;
    if (code != SQLITE_OK) refuse_step(code, target.get(), path_, file);
    const auto all = static_cast<std::uint64_t>(sqlite3_backup_pagecount(backup.get()));
    const auto left = static_cast<std::uint64_t>(sqlite3_backup_remaining(backup.get()));
    if (told) told((all - left) * page, all * page);
    const auto took = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began);
    std::this_thread::sleep_for(std::clamp(took, milliseconds(1), kLongestStepPause));
  }
}

CopyFacts Backups::examine(const fs::path& copy, const std::string& name) {
  const Handle handle = open(immutable_uri(copy), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
  return facts_of(handle.get(), copy, name);
}

CopyFacts Backups::examine() {
  Connection connection(path_, Connection::Mode::any_schema, clock_);
  return facts_of(connection.handle(), path_, path_.string());
}

fs::path Backups::beside(const std::string& word) const {
  return path_.string() + "." + word;
}

// The steps are in an order in which each moment has a whole database: the log goes into the old one first, which then
// has two names, and the new one takes the first of them in one step.
void Backups::put_in_place(const fs::path& copy, const fs::path& aside, milliseconds patience) {
  sync_file(copy);
  Owner(path_).give(copy);
  Handle old;
  if (is_there(path_)) {
    old = lock_out_others(path_, patience);
    set_aside(path_, aside);
    for (const std::string log : kLogs)
      if (is_there(path_.string() + log)) rename_file(path_.string() + log, aside.string() + log);
  }
  std::error_code ignored;
  fs::remove(path_.string() + "-shm", ignored);  // of the old log
  rename_file(copy, path_);
  sync_folder(folder_of(path_));
}

}  // namespace pipeline::store::sqlite
