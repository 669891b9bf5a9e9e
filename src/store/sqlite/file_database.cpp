#include "pipeline/base/error.h"
#include "pipeline/base/file.h"
#include "pipeline/base/folder.h"
#include "pipeline/base/run_lock.h"
#include "pipeline/store/lone_round.h"
#include "pipeline/store_sqlite/database.h"

#include "backups.h"
#include "catalogue.h"
#include "connection.h"
#include "foreign_log.h"
#include "inspection.h"
#include "packages.h"
#include "queue.h"
#include "runs.h"
#include "schema.h"
#include "sku_index.h"
#include "transfer.h"
#include "upkeep.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <string_view>
#include <system_error>
#include <utility>

namespace fs = std::filesystem;

namespace pipeline::store::sqlite {
namespace {

void settle_key_index(Connection& connection, bool wanted) {
  const bool is_there = has_sku_index(connection);
  if (wanted && !is_there)
    throw UsageError(fmt::format("{} was made with --sku-index off, for an experiment: choose another file with --db",
                                 connection.path().string()));
  if (!wanted && is_there && connection.mode() == Connection::Mode::read_write) drop_sku_index(connection);
}

// A database in a file; the run's lock is `<file>.lock`.
class FileDatabase final : public Database {
 public:
  explicit FileDatabase(std::filesystem::path path) : path_(std::move(path)), name_(path_.string()) {}

  [[nodiscard]] const std::string& name() const noexcept override { return name_; }
  [[nodiscard]] bool is_there() const override;
  void check_place() const override;
  [[nodiscard]] bool is_in(const std::filesystem::path& file) const override;
  [[nodiscard]] Lock lock(std::string_view what, WallTime now) override;
  [[nodiscard]] Store open(const Clock& clock, const Opening& opening) override;
  std::filesystem::path put_log_away(WallTime now) override { return sqlite::put_log_away(path_, now); }
  [[nodiscard]] std::unique_ptr<Inspection> inspect(const Clock& clock) const override;
  [[nodiscard]] std::unique_ptr<store::Backups> backups(const Clock& clock) override {
    return std::make_unique<Backups>(path_, clock);
  }

 private:
  const std::filesystem::path path_;
  const std::string name_;
  std::weak_ptr<RunLock> lock_;
};

}  // namespace

bool FileDatabase::is_there() const {
  return pipeline::is_there(path_);
}

void FileDatabase::check_place() const {
  const auto refuse = [&](const std::string& why) { throw UsageError(fmt::format("--db {}: {}", name_, why)); };
  std::error_code error;
  if (fs::is_directory(path_, error)) refuse("is a folder: name a file in it");
  const fs::path folder = folder_of(path_);
  if (fs::status(folder, error).type() == fs::file_type::not_found)
    refuse(fmt::format("there is no folder {}: make it, or name another database", folder.string()));
}

bool FileDatabase::is_in(const fs::path& file) const {
  std::error_code error;
  const auto name_of = [&](const fs::path& path) { return fs::weakly_canonical(path, error).string(); };
  const std::string name = name_of(file);
  for (const std::string_view end : {"", "-wal", "-shm", ".lock"})
    if (name == name_of(path_) + std::string(end)) return true;  // also if it is not there yet
  return fs::equivalent(file, path_, error);
}

Database::Lock FileDatabase::lock(std::string_view what, WallTime now) {
  const auto lock = std::make_shared<RunLock>(path_, what, now);
  lock_ = lock;
  return lock;
}

// The lock's file stays beside a database that could be opened; who is refused by it leaves nothing.
Store FileDatabase::open(const Clock& clock, const Opening& opening) {
  using Mode = Connection::Mode;
  const bool reads = opening.mode == Opening::Mode::read;
  const bool is_empty = reads && !is_there();
  const auto connection = std::make_shared<Connection>(is_empty ? fs::path(":memory:") : path_,
                                                       reads && !is_empty ? Mode::read_only : Mode::read_write, clock,
                                                       opening.metrics, opening.patience);
  if (opening.key_index && !is_empty) settle_key_index(*connection, *opening.key_index);
  if (const auto lock = lock_.lock(); lock && !reads) lock->keep_file();
  auto runs = std::make_unique<Runs>(connection);
  auto catalogue = std::make_unique<Catalogue>(connection, *runs);
  auto packages = std::make_unique<Packages>(connection);
  auto rounds = std::make_unique<LoneRound>(*packages);
  return {.name = name_,
          .catalogue = std::move(catalogue),
          .queue = std::make_unique<Queue>(connection),
          .packages = std::move(packages),
          .rounds = std::move(rounds),
          .runs = std::move(runs),
          .upkeep = std::make_unique<Upkeep>(connection),
          .transfer = std::make_unique<Transfer>(connection)};
}

std::unique_ptr<Inspection> FileDatabase::inspect(const Clock& clock) const {
  return inspect_file(path_, clock);
}

std::unique_ptr<Database> file_database(fs::path path) {
  return std::make_unique<FileDatabase>(std::move(path));
}

std::string_view library_version() noexcept {
  return sqlite3_libversion();
}

int schema_version() noexcept {
  return kSchemaVersion;
}

}  // namespace pipeline::store::sqlite
