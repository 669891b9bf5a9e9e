#include "restore_command.h"

#include "pipeline/archive/zstd_file.h"
#include "pipeline/base/file.h"
#include "pipeline/base/interrupt.h"
#include "pipeline/base/text.h"

#include "copies.h"
#include "engine.h"
#include "megabytes.h"
#include "option_kit.h"
#include "places.h"
#include "progress_line.h"
#include "scratch_file.h"
#include "session.h"
#include "summary.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <optional>
#include <string>
#include <system_error>

namespace pipeline::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kRestorePatience{5'000};  // for who has the database open just now

bool is_database(const fs::path& file) {
  constexpr std::string_view kStart{"SQLite format 3\0", 16};
  std::string start(kStart.size(), '\0');
  std::ifstream in(file, std::ios::binary);
  in.read(start.data(), static_cast<std::streamsize>(start.size()));
  return start == kStart;
}

void check_backup(const fs::path& file, const store::Database& database) {
  std::error_code error;
  if (!is_there(file)) throw UsageError(fmt::format("there is no backup {}: name a file that is there", file.string()));
  if (!fs::is_regular_file(file, error))
    throw UsageError(fmt::format("{} is no file: name a backup in it, the newest stands last", file.string()));
  if (database.is_in(file))
    throw UsageError(fmt::format("{} is the database itself: name a backup of it", file.string()));
}

// How a restore gets on: what takes long is reading all of the backup, and then all of the database, twice.
class RestoreProgress {
 public:
  explicit RestoreProgress(Session& session)
      : clock_(session.clock()), line_(clock_, session.output().language(), session.shows_progress()) {}

  void read(std::uint64_t bytes, std::uint64_t of) {
    const double pace = pace_.add(clock_.now(), static_cast<double>(bytes));
    if (!line_.is_due()) return;
    std::string text = fmt::format("restore reading the backup: {} of {}", megabytes(bytes), megabytes(of));
    if (pace > 0 && of > bytes)
      text += fmt::format(" · {} left", format_time_left(static_cast<double>(of - bytes) / pace));
    line_.show(text);
  }
  void begin(std::string_view what) {
    if (line_.is_due(line_.is_terminal())) line_.show(fmt::format("restore {}", what));
  }

 private:
  const Clock& clock_;
  ProgressLine line_;
  Pace pace_;
};

// The backup as a database of its own, in a file that is going to be the database. A plain copy may have its log beside
// it, so it is read as a database is.
void unpack(const fs::path& file, const fs::path& to, const Clock& clock, const store::Backups::Told& told) {
  if (archive::is_packed(file)) {
    const std::uint64_t size = fs::file_size(file);
    archive::unpack_file(file, to, [&](std::uint64_t bytes) { told(bytes, size); });
    return;
  }
  if (!is_database(file))
    throw UsageError(fmt::format("{} is neither a backup that `pipeline backup` made nor a database: name another file",
                                 file.string()));
  try {
    choose_database(file.string())->backups(clock)->copy_to(to, told);
  } catch (const UsageError& e) {
    throw UsageError(fmt::format("{} can't be restored: {}", file.string(), e.what()));
  }
}

// Two restores of one second keep what was there apart.
fs::path free_name(const store::Backups& backups, const std::string& word) {
  fs::path name = backups.beside(word);
  for (int i = 2; is_there(name); ++i) name = backups.beside(fmt::format("{}-{}", word, i));
  return name;
}

std::string text_of(const std::string& database, const fs::path& file, const store::CopyFacts& facts,
                    const std::optional<fs::path>& aside) {
  std::string text = fmt::format("{} is restored from {}: {} products, {}, checked\n", database, file.string(),
                                 count(facts.products), megabytes(facts.bytes));
  if (aside) text += fmt::format("what was there is kept as {}\n", aside->string());
  return text;
}

}  // namespace

HelpText RestoreCommand::help() const {
  return {.notes =
              "The backup is checked before anything is touched, and the database after. What was there is kept beside "
              "it, as\nDATABASE.before-restore-TIME. End what works with the database first. A plain copy of a "
              "database is read as well.\n",
          .examples =
              "pipeline restore /mnt/backup/store-20261127T140000Z.db.zst --db store.db\n"
              "pipeline restore before-upgrade.db.zst --force\n"};
}

void RestoreCommand::add_options(CLI::App& app) {
  app.add_option("FILE", file, "The backup")->type_name("")->required()->configurable(false);
  app.add_flag("--force", force, "Also where a database is there, which is kept under another name")
      ->configurable(false);
}

ExitCode RestoreCommand::run(Session& session) {
  const Interrupt interrupt;
  session.begin(false);
  store::Database& database = session.database();
  const auto backups = backups_of(session);
  check_backup(file, database);
  database.check_place();
  const bool replaces = database.is_there();
  if (replaces && !force)
    throw UsageError(
        fmt::format("--db {}: a database is there: --force puts the backup in its place, and keeps it under "
                    "another name",
                    database.name()));
  session.lock(Nanoseconds::zero());
  const ScratchFile copy(backups->beside("restoring"));
  RestoreProgress progress(session);
  progress.begin("reading the backup");
  unpack(file, copy.path(), session.clock(), [&](std::uint64_t bytes, std::uint64_t of) {
    stop_on_signal(interrupt, "the restore was stopped");
    progress.read(bytes, of);
  });
  progress.begin("checking the backup");
  (void)backups->examine(copy.path(), file.string());
  const std::optional<fs::path> aside =
      replaces ? std::optional(free_name(*backups, "before-restore-" + stamp_of(session.clock().wall())))
               : std::nullopt;
  backups->put_in_place(copy.path(), aside.value_or(fs::path()), kRestorePatience);
  progress.begin("checking the database");
  const store::CopyFacts facts = backups->examine();

  if (common.json) {
    auto json = session.head(ExitCode::ok);
    json["backup"] = file.string();
    json["database"] = database.name();
    json["kept_as"] = aside ? nlohmann::ordered_json(aside->string()) : nlohmann::ordered_json(nullptr);
    json["database_bytes"] = facts.bytes;
    json["products"] = facts.products;
    json["schema"] = facts.schema;
    json["seconds"] = session.seconds();
    session.output().write(document(json));
  } else if (!common.quiet) {
    session.output().say(text_of(database.name(), file, facts, aside));
  }
  return ExitCode::ok;
}

}  // namespace pipeline::cli
