#include "backup_command.h"

#include "pipeline/archive/zstd_file.h"
#include "pipeline/base/file.h"
#include "pipeline/base/folder.h"
#include "pipeline/base/interrupt.h"
#include "pipeline/base/log.h"
#include "pipeline/base/run_lock.h"
#include "pipeline/base/text.h"

#include "copies.h"
#include "megabytes.h"
#include "option_kit.h"
#include "places.h"
#include "scratch_file.h"
#include "session.h"
#include "summary.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <system_error>
#include <vector>

namespace pipeline::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnd = ".db.zst";
constexpr std::string_view kPacked = ".zst";
constexpr int kNiceness = 10;  // a night's run goes before

// `store` of store.db, which the names of its backups begin with; another ending stays, so that no two are mixed up.
std::string name_of(const fs::path& db) {
  return (db.extension() == ".db" ? db.stem() : db.filename()).string();
}

// `store-20261127T140000Z.db.zst`, and what a kill left of one.
bool is_backup(std::string_view file, const std::string& name, std::string_view end = {}) {
  constexpr std::string_view kStamp = "00000000T000000Z";
  if (!file.starts_with(name + "-") || file.size() < name.size() + 1 + kStamp.size() + kEnd.size()) return false;
  const std::string_view stamp = file.substr(name.size() + 1, kStamp.size());
  const std::string_view rest = file.substr(name.size() + 1 + kStamp.size());
  const bool is_stamp = std::ranges::equal(
      stamp, kStamp, [](char c, char form) { return form == '0' ? c >= '0' && c <= '9' : c == form; });
  return is_stamp && rest.starts_with(kEnd) && rest.substr(kEnd.size()).starts_with(end) &&
         rest.substr(kEnd.size()).empty() == end.empty();
}

// By name, which is by time.
std::vector<fs::path> backups_in(const fs::path& folder, const std::string& name, std::string_view end = {}) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error); !error && entry != fs::directory_iterator(); entry.increment(error))
    if (is_backup(entry->path().filename().string(), name, end)) files.push_back(entry->path());
  if (error) throw Error(fmt::format("cannot read {}: {}", folder.string(), error.message()));
  std::ranges::sort(files);
  return files;
}

void remove_old_backup(const fs::path& file) {
  std::error_code error;
  fs::remove(file, error);
  if (error)
    throw Error(
        fmt::format("the backup is made, but an old one, {}, can't be removed: {}", file.string(), error.message()));
}

// Where the backup goes, and what may go with it.
struct Place {
  fs::path file;
  fs::path folder;
  bool is_named_by_time = false;
};

Place place_of(const fs::path& target, const std::string& name, WallTime now, const store::Database& database) {
  std::error_code error;
  if (target.filename().empty() || fs::is_directory(target, error)) {
    check_folder_place("backup", target);
    make_folder(target, "the folder of the backups");
    return {target / fmt::format("{}-{}{}", name, stamp_of(now), kEnd), target, true};
  }
  if (!target.string().ends_with(kPacked))
    throw UsageError(fmt::format(
        "backup {0}: a backup is compressed: name it {0}{1}, or name a folder that is there, for a name by time",
        target.string(), kPacked));
  check_file_place("backup", target);
  check_apart("backup", target, database);
  return {target, folder_of(target), false};
}

// The backups beside the new one, the oldest first. One that is dated later was made, or this one is, by a wrong clock.
std::vector<fs::path> others_in(const Place& place, const std::string& name) {
  std::vector<fs::path> others = backups_in(place.folder, name);
  const auto is_new = [&](const fs::path& file) { return file.filename() == place.file.filename(); };
  std::erase_if(others, is_new);
  if (!others.empty() && others.back().filename() > place.file.filename())
    log::warn("{} is dated later than the new backup: is this machine's clock right?", others.back().string());
  return others;
}

}  // namespace

HelpText BackupCommand::help() const {
  return {.notes =
              "The database as it is at one moment, while others read and write it. The copy is checked before it "
              "appears.\nIn a folder it is named by the database and the time, in UTC. `pipeline restore` puts it "
              "back.\n",
          .examples =
              "pipeline backup /mnt/backup/ --keep 14 --db store.db\n"
              "pipeline backup before-upgrade.db.zst\n"};
}

void BackupCommand::add_options(CLI::App& app) {
  constexpr std::int64_t kMost = 100'000;
  app.add_option("FILE|DIR", target, "Where it goes: a file that ends in .zst, or a folder")
      ->type_name("")
      ->required()
      ->configurable(false);
  add_number(app, "--keep", keep, 1, kMost, "In a folder: so many backups of this database; the oldest go");
}

void BackupCommand::check(const CLI::App& line) {
  asks_to_keep_ = is_on_command_line(line, "--keep");
}

ExitCode BackupCommand::run(Session& session) {
  const Interrupt interrupt;
  session.begin(false);
  const auto backups = backups_of(session);
  check_database(session.database());
  const std::string name = name_of(common.db);
  const Place place = place_of(target, name, session.clock().wall(), session.database());
  if (asks_to_keep_ && !place.is_named_by_time)
    throw UsageError(fmt::format("--keep counts the backups in a folder: {} is a file", target.string()));
  [[maybe_unused]] const int niceness = ::nice(kNiceness);

  const fs::path unpacked = place.folder / (name + ".copying");
  const RunLock lock(unpacked, "pipeline backup", session.clock().wall());
  const ScratchFile copy(unpacked);
  for (const fs::path& left : backups_in(place.folder, name, ".tmp-")) remove_old_backup(left);
  const auto stop = [&] { stop_on_signal(interrupt, "the backup was stopped"); };
  backups->copy_to(copy.path(), [&](std::uint64_t, std::uint64_t) { stop(); });
  const store::CopyFacts facts = backups->examine(copy.path(), session.database().name());
  const std::uint64_t bytes = archive::pack_file(copy.path(), place.file, [&](std::uint64_t) { stop(); });

  std::vector<fs::path> old;
  if (keep && place.is_named_by_time) {
    old = others_in(place, name);
    old.resize(old.size() - std::min(old.size(), static_cast<std::size_t>(*keep - 1)));
    std::ranges::for_each(old, remove_old_backup);
  }
  if (common.json) {
    auto json = session.head(ExitCode::ok);
    json["database"] = session.database().name();
    json["backup"] = place.file.string();
    json["bytes"] = bytes;
    json["database_bytes"] = facts.bytes;
    json["products"] = facts.products;
    json["schema"] = facts.schema;
    json["seconds"] = session.seconds();
    json["removed"] = nlohmann::ordered_json::array();
    for (const fs::path& file : old) json["removed"].push_back(file.string());
    session.output().write(document(json));
  } else if (!common.quiet) {
    session.output().say(fmt::format("{}: {} of {}, {} products, checked, in {}\n", place.file.string(),
                                     megabytes(bytes), megabytes(facts.bytes), count(facts.products),
                                     format_duration(session.seconds())));
    for (const fs::path& file : old) session.output().say(fmt::format("removed: {}\n", file.string()));
  }
  return ExitCode::ok;
}

}  // namespace pipeline::cli
