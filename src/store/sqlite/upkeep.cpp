#include "upkeep.h"

#include "transaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pipeline::store::sqlite {
namespace {

constexpr std::string_view kMissing = "post_folder_missing_since/";

// A run that has not ended may be at work. The last of each command stay, however old.
constexpr std::string_view kOldRuns =
    "FROM (SELECT run_id, started_at, status, length(options) + coalesce(length(counts), 0) AS bytes, "
    "row_number() OVER (PARTITION BY command ORDER BY started_at DESC, run_id DESC) AS place FROM runs) "
    "WHERE started_at < ?1 AND status <> 'RUNNING' AND place > ?2";

constexpr std::string_view kOldEntries = "FROM refresh_queue WHERE status = 'DONE' AND finished_at < ?1";

}  // namespace

std::int64_t Upkeep::number(const char* purpose, const std::string& sql) {
  Statement statement(*connection_, purpose, sql);
  const Statement::Use use(statement);
  return statement.step() ? statement.integer(0) : 0;
}

Outdated Upkeep::outdated(const Term& term) {
  Outdated found;
  const std::string entries = fmt::format("SELECT count(*), coalesce(sum(length(changes)), 0) {}", kOldEntries);
  Statement entry(*connection_, "count finished entries", entries);
  const Statement::Use entry_use(entry.bind(1, term.before));
  if (entry.step()) {
    found.entries = entry.integer(0);
    found.entry_bytes = entry.integer(1);
  }
  const std::string runs = fmt::format("SELECT count(*), coalesce(sum(bytes), 0) {}", kOldRuns);
  Statement run(*connection_, "count old runs", runs);
  const Statement::Use run_use(run.bind(1, term.before).bind(2, term.keep_runs));
  if (run.step()) {
    found.runs = run.integer(0);
    found.run_bytes = run.integer(1);
  }
  return found;
}

Space Upkeep::space() {
  const auto page = static_cast<std::uint64_t>(number("read the page size", "PRAGMA page_size"));
  constexpr std::int64_t kIncremental = 2;
  return {.bytes = page * static_cast<std::uint64_t>(number("count the pages", "PRAGMA page_count")),
          .freed = page * static_cast<std::uint64_t>(number("count the free pages", "PRAGMA freelist_count")),
          .returns = number("read the kind of vacuum", "PRAGMA auto_vacuum") == kIncremental};
}

// Searched by id: of a long queue of finished entries each is looked at once, and by no writer's leave.
std::int64_t Upkeep::remove_entries(const Term& term, std::int64_t rows) {
  std::vector<std::int64_t> ids;
  {
    const std::string sql = fmt::format("SELECT id {} AND id > ?2 ORDER BY id LIMIT ?3", kOldEntries);
    Statement find(*connection_, "find finished entries", sql);
    const Statement::Use use(find.bind(1, term.before).bind(2, entries_seen_).bind(3, rows));
    while (find.step()) ids.push_back(find.integer(0));
  }
  if (ids.empty()) return 0;
  Statement remove(*connection_, "remove a finished entry",
                   "DELETE FROM refresh_queue WHERE id = ?1 AND status = 'DONE' AND finished_at < ?2");
  Transaction transaction(*connection_);
  std::int64_t removed = 0;
  for (const std::int64_t id : ids) {
    remove.bind(1, id).bind(2, term.before).run();
    removed += connection_->changes();
  }
  transaction.commit();
  entries_seen_ = ids.back();
  return std::max<std::int64_t>(removed, 1);  // that somebody else was quicker is no end
}

std::int64_t Upkeep::remove_runs(const Term& term, std::int64_t rows) {
  if (!old_) {
    const std::string sql = fmt::format("SELECT run_id {} ORDER BY started_at DESC", kOldRuns);
    Statement find(*connection_, "find old runs", sql);
    const Statement::Use use(find.bind(1, term.before).bind(2, term.keep_runs));
    old_.emplace();
    while (find.step()) old_->emplace_back(find.text(0));
  }
  if (old_->empty()) {
    old_.reset();
    return 0;
  }
  Statement remove(*connection_, "remove an old run", "DELETE FROM runs WHERE run_id = ?1 AND status <> 'RUNNING'");
  Transaction transaction(*connection_);
  const std::size_t count = std::min(old_->size(), static_cast<std::size_t>(rows));
  for (std::size_t i = 0; i < count; ++i) remove.bind(1, std::as_const((*old_)[old_->size() - 1 - i])).run();
  transaction.commit();
  old_->resize(old_->size() - count);
  return static_cast<std::int64_t>(count);
}

std::map<std::string, WallTime> Upkeep::missing_posts() {
  std::map<std::string, WallTime> posts;
  Statement find(*connection_, "read which posts are gone",
                 "SELECT substr(key, ?2), value FROM state WHERE substr(key, 1, ?2 - 1) = ?1");
  const Statement::Use use(find.bind(1, kMissing).bind(2, static_cast<std::int64_t>(kMissing.size()) + 1));
  while (find.step()) posts.emplace(find.text(0), WallTime(std::chrono::milliseconds(find.integer(1))));
  return posts;
}

void Upkeep::note_missing_posts(const std::map<std::string, WallTime>& posts) {
  if (posts == missing_posts()) return;
  Statement clear(*connection_, "note which posts are gone", "DELETE FROM state WHERE substr(key, 1, ?2) = ?1");
  Statement put(*connection_, "note that a post is gone", "INSERT INTO state (key, value) VALUES (?1, ?2)");
  Transaction transaction(*connection_);
  clear.bind(1, kMissing).bind(2, static_cast<std::int64_t>(kMissing.size())).run();
  for (const auto& [content_id, since] : posts) {
    const std::string key = std::string(kMissing) + content_id;
    put.bind(1, key).bind(2, since).run();
  }
  transaction.commit();
}

bool Upkeep::give_back(std::int64_t pages) {
  const Space space = this->space();
  if (!space.returns || space.freed == 0) return false;
  connection_->execute("give freed pages back", fmt::format("PRAGMA incremental_vacuum({})", pages).c_str());
  return true;
}

}  // namespace pipeline::store::sqlite
