#include "check_database.h"

#include "pipeline/base/folder.h"
#include "pipeline/base/machine.h"
#include "pipeline/base/text.h"

#include "megabytes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>

namespace pipeline::cli {
namespace {

using State = Finding::State;

constexpr std::uintmax_t kLog = std::uintmax_t{64} << 20U;  // a write-ahead log of 16 MB, and the list of a run
constexpr std::uintmax_t kPerProduct = 24 << 10U;           // with its indexes, its queue entry, and the log
constexpr std::uintmax_t kLongLog = std::uintmax_t{512} << 20U;

Findings version_of(store::Inspection& inspection, const std::string& name) {
  const auto [found, known] = inspection.version();
  inspection.check_writable();
  const std::string size = megabytes(inspection.room().database);
  if (found == 0)
    return {{"database", State::warning, name, "an empty file: the first run that writes makes a database of it",
             "if there was one, look for what has emptied it, and restore a backup"}};
  if (found < known)
    return {{"database", State::warning, name,
             fmt::format("ours, schema {}, {}: the next run that writes brings it up to {}", found, size, known),
             "make a backup before: there is no way back but that"}};
  return {{"database", State::ok, name, fmt::format("ours, schema {}, {}", found, size)}};
}

Findings damage_in(store::Inspection& inspection, const std::string& name, SteadyTime until) {
  const store::Damage damage = inspection.look_through(until);
  if (!damage.faults.empty())
    return {{"integrity", State::failed, name, fmt::format("damaged: {}", fmt::join(damage.faults, "; ")),
             "if a copy was put in its place lately, try `pipeline check --repair`; else restore a backup; without one "
             "move the "
             "file and its -wal away and sync anew: what was known of the posts is lost then"}};
  if (!damage.is_whole)
    return {{"integrity", State::warning, name, "too large to be looked through in this time; no fault so far",
             fmt::format("to look at all of it: sqlite3 -readonly {} 'PRAGMA quick_check'", name)}};
  return {{"integrity", State::ok, name, "no damage was found (quick_check)"}};
}

Findings fitness_of(store::Inspection& inspection, const std::string& name) {
  const std::string system = describe_machine(folder_of(name)).file_system;
  if (inspection.try_place() == store::PlaceTrial::fit)
    return {{"file-system", State::ok, system, "has the locks and the shared memory that a write-ahead log needs"}};
  return {{"file-system", State::warning, system, "whether a write-ahead log works here can't be tried without writing",
           "keep the database on a local disk: a run refuses what does not fit before it begins"}};
}

}  // namespace

Findings find_holder(store::Inspection& inspection, const std::string& name) {
  const auto holder = inspection.holder();
  if (!holder) return {};
  return {{"lock", State::ok, name, fmt::format("a run is at work now: {}", *holder)}};
}

Findings check_database_file(const store::Database& database, const Clock& clock, SteadyTime until) {
  const std::string& name = database.name();
  const auto inspection = database.inspect(clock);
  Findings findings = look_at("database", name, [&]() -> Findings {
    database.check_place();
    if (database.is_there()) return version_of(*inspection, name);
    inspection->check_writable();
    return {{"database", State::ok, name, "not there yet: the first sync makes it"}};
  });
  const bool is_readable = findings.front().state != State::failed && database.is_there();
  if (is_readable) append(findings, look_at("integrity", name, [&] { return damage_in(*inspection, name, until); }));
  append(findings, look_at("file-system", name, [&] { return fitness_of(*inspection, name); }));
  append(findings, look_at("lock", name, [&] { return find_holder(*inspection, name); }));
  return findings;
}

Findings check_room(const store::Database& database, const Clock& clock, std::optional<std::int64_t> products) {
  const auto inspection = database.inspect(clock);
  const auto [size, log, free] = inspection->room();
  const bool is_old = database.is_there() && inspection->version().found < inspection->version().known;
  const auto whole = static_cast<std::uintmax_t>(products.value_or(0)) * kPerProduct;
  const std::uintmax_t need = kLog + std::max(size / 10, whole > size ? whole - size : 0) + (is_old ? 2 * size : 0);
  const std::string folder = folder_of(database.name()).string();
  Findings findings;
  if (log > kLongLog)
    findings.push_back({"space", State::warning, database.name() + "-wal",
                        fmt::format("the log has grown to {}: a program that reads holds it up", megabytes(log)),
                        "end what has the database open (`fuser` names it): the next run moves the log into the file"});
  const std::string text =
      fmt::format("{} free; the database and its log need about {}", megabytes(free), megabytes(need));
  const std::string advice = "make room there, or name a database on another disk with --db";
  const State state = free < need ? State::failed : free < 2 * need ? State::warning : State::ok;
  findings.push_back({"space", state, folder, text, state == State::ok ? "" : advice});
  return findings;
}

Findings check_owner(store::Catalogue& catalogue, const catalogue::SourceIdentity& identity) {
  const auto owner = catalogue.owner_of(identity.source);
  if (!owner) return {{"owner", State::ok, catalogue::to_text(identity), "no store is noted in the database so far"}};
  if (owner->digest == identity.digest)
    return {{"owner", State::ok, catalogue::to_text(identity), "the database belongs to these credentials"}};
  return {{"owner", State::warning, catalogue::to_text(identity),
           fmt::format("the database was filled by {}", catalogue::to_text(*owner)),
           "new keys of the same store are no fault: the next sync proves it by the list (`pipeline sync --dry-run` "
           "says so); else check the credentials, or name this store's own database with --db"}};
}

}  // namespace pipeline::cli
