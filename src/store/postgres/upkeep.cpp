#include "upkeep.h"

#include "schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pipeline::store::postgres {
namespace {

constexpr std::string_view kMissing = "post_folder_missing_since/";

// A run that has not ended may be at work. The last of each command stay, however old.
constexpr std::string_view kOldRuns =
    "FROM (SELECT run_id, started_at, status, length(options) + coalesce(length(counts), 0) AS bytes, "
    "row_number() OVER (PARTITION BY command ORDER BY started_at DESC, run_id DESC) AS place FROM @runs) AS r "
    "WHERE started_at < $1 AND status <> 'RUNNING' AND place > $2";

constexpr std::string_view kOldEntries = "FROM @refresh_queue WHERE status = 'DONE' AND finished_at < $1";

}  // namespace

Outdated Upkeep::outdated(const Term& term) {
  const std::string entries = fmt::format("SELECT count(*), sum(length(changes))::bigint {}", kOldEntries);
  const std::string runs = fmt::format("SELECT count(*), sum(bytes)::bigint {}", kOldRuns);
  const Statement statements[] = {{"count finished entries", entries, Values::of(term.before)},
                                  {"count old runs", runs, Values::of(term.before, term.keep_runs)}};
  const auto answers = connection_->ask(statements);
  return {.entries = answers[0].integer(0, 0),
          .entry_bytes = answers[0].integer(0, 1),
          .runs = answers[1].integer(0, 0),
          .run_bytes = answers[1].integer(0, 1)};
}

Space Upkeep::space() {
  return {.bytes = size_of_store(*connection_), .freed = 0, .returns = false};
}

// Searched by id: of a long queue of finished entries each is looked at once.
std::int64_t Upkeep::remove_entries(const Term& term, std::int64_t rows) {
  const std::string find = fmt::format("SELECT id {} AND id > $2 ORDER BY id LIMIT $3", kOldEntries);
  const Result found = connection_->ask("find finished entries", find, Values::of(term.before, entries_seen_, rows));
  if (found.rows() == 0) return 0;
  Column ids(Column::Type::number);
  for (int row = 0; row < found.rows(); ++row) ids.add(found.integer(row, 0));
  std::int64_t removed = 0;
  connection_->write([&](Transaction& transaction) {
    removed = transaction
                  .commit({{"remove finished entries",
                            "DELETE FROM @refresh_queue WHERE id = ANY($1::bigint[]) AND status = 'DONE' "
                            "AND finished_at < $2",
                            Values::of(ids, term.before)}})
                  .front()
                  .changed();
  });
  entries_seen_ = found.integer(found.rows() - 1, 0);
  return std::max<std::int64_t>(removed, 1);  // that somebody else was quicker is no end
}

std::int64_t Upkeep::remove_runs(const Term& term, std::int64_t rows) {
  if (!old_) {
    const std::string find = fmt::format("SELECT run_id {} ORDER BY started_at DESC, run_id DESC", kOldRuns);
    const Result found = connection_->ask("find old runs", find, Values::of(term.before, term.keep_runs));
    old_.emplace();
    for (int row = 0; row < found.rows(); ++row) old_->emplace_back(found.text(row, 0));
  }
  if (old_->empty()) {
    old_.reset();
    return 0;
  }
  const std::size_t count = std::min(old_->size(), static_cast<std::size_t>(rows));
  Column ids(Column::Type::text);
  for (std::size_t i = 0; i < count; ++i) ids.add((*old_)[old_->size() - 1 - i]);
  connection_->write([&](Transaction& transaction) {
    (void)transaction.commit(
        {{"remove old runs", "DELETE FROM @runs WHERE run_id = ANY($1::text[]) AND status <> 'RUNNING'",
          Values::of(ids)}});
  });
  old_->resize(old_->size() - count);
  return static_cast<std::int64_t>(count);
}

std::map<std::string, WallTime> Upkeep::missing_posts() {
  const Result found = connection_->ask("read which posts are gone",
                                        "SELECT substr(key, length($1) + 1), number FROM @state "
                                        "WHERE left(key, length($1)) = $1",
                                        Values::of(kMissing));
  std::map<std::string, WallTime> posts;
  for (int i = 0; i < found.rows(); ++i) {
    const Row row(found, i);
    posts.emplace(row.text(0), row.time(1));
  }
  return posts;
}

void Upkeep::note_missing_posts(const std::map<std::string, WallTime>& posts) {
  if (posts == missing_posts()) return;
  Column keys(Column::Type::text);
  Column times(Column::Type::number);
  for (const auto& [content_id, since] : posts) {
    keys.add(std::string(kMissing) + content_id);
    times.add(since);
  }
  connection_->write([&](Transaction& transaction) {
    (void)transaction.commit(
        {{"forget which posts were gone", "DELETE FROM @state WHERE left(key, length($1)) = $1", Values::of(kMissing)},
         {"note which posts are gone",
          "INSERT INTO @state (key, number) SELECT n.key, n.since "
          "FROM unnest($1::text[], $2::bigint[]) AS n (key, since)",
          Values::of(keys, times)}});
  });
}

}  // namespace pipeline::store::postgres
