#include "bare_rows.h"
#include "support/sql.h"
#include "timing.h"
#include "upsert_cases.h"
#include "upsert_feed.h"
#include "upsert_place.h"

#include <cstdint>
#include <filesystem>

namespace pipeline::bench {
namespace {

constexpr double kMicroseconds = 1e6;

void remove_database(const std::filesystem::path& db) {
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(db.string() + suffix);
}

}  // namespace

void guard_first_load(const Trial& trial) {
  const Feed feed(5'000);
  const UpsertPlace place;
  const auto bare_db = place / "bare.db";
  guard(trial, {.figure = "first load to bare rows",
                .bare_name = "bare rows",
                .unit = "us/row",
                .per_second = kMicroseconds / feed.rows(),
                .ours = [&] { return load(trial, feed, place).processor_seconds; },
                .bare =
                    [&] {
                      remove_database(bare_db);
                      return processor_seconds_of([&] { run_bare_load(feed.file(), bare_db); });
                    }});
}

void guard_unchanged(const Trial& trial) {
  constexpr int kTimes = 3;  // a run is short: 20 ms
  const Feed feed(5'000);
  const UpsertPlace place;
  const auto bare_db = place / "bare.db";
  (void)load(trial, feed, place);
  run_bare_load(feed.file(), bare_db);
  const Sha256 before = digest_of(place.db());
  const auto load_thrice = [&] {
    double sum = 0;
    for (int i = 0; i < kTimes; ++i) sum += load_again(trial, feed, place).processor_seconds;
    return sum / kTimes;
  };
  guard(trial,
        {.figure = "same again to bare look-ups",
         .bare_name = "bare rows",
         .unit = "us/row",
         .per_second = kMicroseconds / feed.rows(),
         .ours = load_thrice,
         .bare = [&] { return processor_seconds_of([&] { run_bare_look_ups(feed.file(), bare_db); }, kTimes); }});
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
  const auto new_changes = [&](int round) {
    write_rows(changes, at_random(kRows, kChanged), round + 1);
    // As it would be by the next night; else these changes would be merged into those before.
    (void)test::run_sql(place.db(), "DELETE FROM refresh_queue");
  };
  const auto upsert_changes = [&] {
    const Run run = place.upsert(changes);
    trial.add("rows updated", run.count("updated"), "", exactly(kChanged));
    return run.processor_seconds;
  };
  guard(trial,
        {.figure = "scattered changes to bare rows",
         .bare_name = "bare rows",
         .unit = "us/row",
         .per_second = kMicroseconds / kChanged,
         .ours = upsert_changes,
         .bare = [&] { return processor_seconds_of([&] { run_bare_changes(changes, bare_db); }); }},
        new_changes);
}

}  // namespace pipeline::bench
