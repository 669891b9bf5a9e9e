#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/metrics/metrics.h"
#include "pipeline/store/backups.h"
#include "pipeline/store/catalogue.h"
#include "pipeline/store/inspection.h"
#include "pipeline/store/packages.h"
#include "pipeline/store/queue.h"
#include "pipeline/store/rounds.h"
#include "pipeline/store/runs.h"
#include "pipeline/store/transfer.h"
#include "pipeline/store/upkeep.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

// What the commands need of a database, whatever its engine; each of those has a folder of its own here.
namespace pipeline::store {

// How long another process's write is waited for.
inline constexpr std::chrono::milliseconds kLockPatience{30'000};

// An open database, for one thread at a time: its parts share a connection.
struct Store {
  std::string name;  // for people
  std::unique_ptr<Catalogue> catalogue;
  std::unique_ptr<Queue> queue;
  std::unique_ptr<Packages> packages;
  std::unique_ptr<Rounds> rounds;
  std::unique_ptr<Runs> runs;
  std::unique_ptr<Upkeep> upkeep;
  std::unique_ptr<Transfer> transfer;
};

struct Opening {
  // For reading nothing is left behind, and a database that is not there yet is an empty one.
  enum class Mode { read, write } mode = Mode::write;
  std::chrono::milliseconds patience = kLockPatience;
  // Where db_txn_seconds, db_upsert_seconds, db_lock_wait_seconds and db_conflict_total go; null: nowhere.
  metrics::Metrics* metrics = nullptr;
  // For the bench, what the index of the products' key is worth: whether the database has one, which a new one may do
  // without. Absent: it does not matter.
  std::optional<bool> key_index{};
};

// A database as --db names it, not opened. Any thread.
class Database {
 public:
  virtual ~Database() = default;

  // For people and logs: no password is in it.
  [[nodiscard]] virtual const std::string& name() const noexcept = 0;
  // Throws Error when that can't be told.
  [[nodiscard]] virtual bool is_there() const = 0;
  // Whose files, disk, log and copies are the server's affair, then.
  [[nodiscard]] virtual bool is_on_server() const noexcept { return false; }
  // Throws UsageError when it can't be where it is said to be, whether it is there or not.
  virtual void check_place() const = 0;
  // Whether the file is the database, which nothing else may be written to.
  [[nodiscard]] virtual bool is_in(const std::filesystem::path& file) const = 0;

  // One run at a time, until the lock goes, also by the holder's death. Throws TryLaterError naming the holder: `what`
  // it is, and since when.
  using Lock = std::shared_ptr<void>;
  [[nodiscard]] virtual Lock lock(std::string_view what, WallTime now) = 0;

  // Of a package worker: any number of them at a time, while nobody has the other lock, as far as Store::rounds of this
  // database is shared; else one. A store that is opened under it is a worker's, until the lock goes.
  [[nodiscard]] virtual Lock join(std::string_view what, WallTime now) { return lock(what, now); }

  // For writing: makes it if need be, and brings the schema up to date in one transaction. The clock is borrowed.
  // Throws Error or UsageError, naming the database and what to do: it is of another program, of a newer version, or
  // can't be written; TryLaterError when another process keeps it locked.
  [[nodiscard]] virtual Store open(const Clock& clock, const Opening& opening = {}) = 0;

  // Puts the log beside it away under another name, which it returns: where that is another database's. The caller
  // holds the lock, and nobody else has the database open.
  virtual std::filesystem::path put_log_away(WallTime now) = 0;

  // For a look at it; opens nothing yet. The clock is borrowed.
  [[nodiscard]] virtual std::unique_ptr<Inspection> inspect(const Clock& clock) const = 0;
  // How it is copied, and put back. Null: the engine has tools of its own for that. The clock is borrowed.
  [[nodiscard]] virtual std::unique_ptr<Backups> backups(const Clock& clock) {
    (void)clock;
    return nullptr;
  }
};

}  // namespace pipeline::store
