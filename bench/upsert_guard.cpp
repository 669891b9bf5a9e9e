#include "bare_rows.h"
#include "processor_time.h"
#include "support/sql.h"
#include "upsert_cases.h"
#include "upsert_feed.h"
#include "upsert_place.h"

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace pipeline::bench {
namespace {

constexpr int kRounds = 7;

// Processor time of the executable and of the bare rows for the same feed, one round.
struct Round {
  double ours = 0;
  double bare = 0;
};

void add(const Trial& trial, std::string_view figure, const Round& round, double rows) {
  trial.add("pipeline", 1e6 * round.ours / rows, "us/row");
  trial.add("bare rows", 1e6 * round.bare / rows, "us/row");
  trial.add(figure, round.ours / round.bare, "", near_baseline());
}

void remove_database(const std::filesystem::path& db) {
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(db.string() + suffix);
}

}  // namespace

void guard_first_load(const Trial& trial) {
  const Feed feed(5'000);
  const UpsertPlace place;
  const auto bare_db = place / "bare.db";
  in_rounds(kRounds * trial.rounds, [&](int i) {
    Round round;
    in_turns(i, {[&] { round.ours = load(trial, feed, place).processor_seconds; },
                 [&] {
                   remove_database(bare_db);
                   round.bare = processor_seconds_of([&] { run_bare_load(feed.file(), bare_db); });
                 }});
    add(trial, "first load to bare rows", round, feed.rows());
  });
}

void guard_unchanged(const Trial& trial) {
  constexpr int kTimes = 3;  // a run is short: 20 ms
  const Feed feed(5'000);
  const UpsertPlace place;
  const auto bare_db = place / "bare.db";
  (void)load(trial, feed, place);
  run_bare_load(feed.file(), bare_db);
  const Sha256 before = digest_of(place.db());
  in_rounds(kRounds * trial.rounds, [&](int i) {
    Round round;
    in_turns(i, {[&] {
                   for (int n = 0; n < kTimes; ++n) round.ours += load_again(trial, feed, place).processor_seconds;
                 },
                 [&] {
                   round.bare += processor_seconds_of([&] {
                     for (int n = 0; n < kTimes; ++n) run_bare_look_ups(feed.file(), bare_db);
                   });
                 }});
    add(trial, "same again to bare look-ups", round, kTimes * feed.rows());
  });
  add_untouched(trial, feed, place, before);
}

void guard_scattered(const Trial& trial) {
  constexpr std::int64_t kRows = 10'000;
  constexpr std::int64_t kChanged = 1'000;
  const Feed feed(kRows);
  const UpsertPlace place;
  const auto bare_db = place / "bare.db";
  const auto changes = place / "changes.jsonl";
  (void)load(trial, feed, place);
  run_bare_load(feed.file(), bare_db);
  in_rounds(kRounds * trial.rounds, [&](int i) {
    write_rows(changes, at_random(kRows, kChanged), i + 1);
    // As it would be by the next night; else these changes would be merged into those before.
    (void)test::run_sql(place.db(), "DELETE FROM refresh_queue");
    Round round;
    in_turns(i, {[&] {
                   const UpsertRun run = place.upsert(changes);
                   round.ours = run.processor_seconds;
                   trial.add("rows updated", static_cast<double>(run.count("updated")), "", exactly(kChanged));
                 },
                 [&] { round.bare = processor_seconds_of([&] { run_bare_changes(changes, bare_db); }); }});
    add(trial, "scattered changes to bare rows", round, kChanged);
  });
}

}  // namespace pipeline::bench
