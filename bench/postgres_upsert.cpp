#include "pipeline/store_postgres/database.h"
#include "pipeline/store_sqlite/database.h"

#include "postgres_cases.h"
#include "postgres_place.h"
#include "postgres_yardsticks.h"
#include "product_rows.h"
#include "support/temp_dir.h"
#include "upsert_cases.h"
#include "upsert_feed.h"

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <vector>

namespace pipeline::bench {
namespace {

// As the executable makes it, with nothing in it.
void make_store(const PostgresPlace& place) {
  const SystemClock clock;
  (void)store::postgres::server_database(place.db(), store::sqlite::run_list, nullptr)->open(clock);
}

// What the server has to do behind a run does not fall into the next one's time.
void settle(const PostgresPlace& place) {
  run_on_server(place.server(), "CHECKPOINT");
}

double load(const Trial& trial, const PostgresPlace& place, const Feed& feed) {
  settle(place);
  const Run run = place.upsert(feed.file());
  trial.add("rows inserted", run.count("inserted"), "", exactly(feed.rows()));
  return run.rows_per_s();
}

double load_again(const Trial& trial, const PostgresPlace& place, const Feed& feed) {
  settle(place);
  const Run run = place.upsert(feed.file());
  trial.add("rows unchanged", run.count("unchanged"), "", exactly(feed.rows()));
  return run.rows_per_s();
}

// A store of many products, of which some change again and again.
class ChangingStore {
 public:
  ChangingStore(const Trial& trial, std::int64_t rows, std::int64_t changed)
      : trial_(trial), changed_(at_random(rows, changed)) {
    write_rows(file(), in_order(rows));
    const Run run = place_.upsert(file());
    trial.add(fmt::format("first load of {}", rows), run.rows_per_s(), "rows/s");
    trial.add("its peak memory", run.peak_megabytes, "MB", at_most(100));
    run_on_server(place_.server(), fmt::format("ANALYZE {}.products", place_.schema()));
  }

  // Both in rows a second.
  double change_by_executable() {
    work_off_queue();
    write_rows(file(), changed_, ++version_);
    const Run run = place_.upsert(file());
    trial_.add("rows updated", run.count("updated"), "", exactly(static_cast<double>(changed_.size())));
    return run.rows_per_s();
  }
  double change_by_sql_alone() {
    work_off_queue();
    return bench::change_by_sql_alone(place_.server(), place_.schema(), changed_, ++version_);
  }

 private:
  // As it would be by the next night.
  void work_off_queue() const {
    run_on_server(place_.server(), fmt::format("TRUNCATE {}.refresh_queue", place_.schema()));
    settle(place_);
  }
  [[nodiscard]] std::filesystem::path file() const { return folder_ / "rows.jsonl"; }

  const Trial& trial_;
  const std::vector<std::int64_t> changed_;
  const PostgresPlace place_;
  const test::TempDir folder_;
  int version_ = 0;
};

}  // namespace

void postgres_first_load(const Trial& trial) {
  const Feed feed(100'000);
  PostgresPlace place;
  for (int round = 0; round < rounds_of(trial, false); ++round) {
    const auto [ours, sql_alone] =
        measure_in_turns(trial, round, "rows/s",
                         {{"pipeline",
                           [&] {
                             place.begin_new_store();
                             return load(trial, place, feed);
                           }},
                          {"SQL alone", [&] {
                             place.begin_new_store();
                             make_store(place);
                             settle(place);
                             return load_by_sql_alone(place.server(), place.schema(), feed.numbers());
                           }}});
    trial.add("pipeline to SQL alone", ours / sql_alone, "", at_least(0.8));
  }
}

void postgres_unchanged(const Trial& trial) {
  const Feed feed(100'000);
  const PostgresPlace place;
  (void)load(trial, place, feed);
  run_on_server(place.server(), fmt::format("VACUUM ANALYZE {}.products", place.schema()));
  for (int round = 0; round < rounds_of(trial, true); ++round) {
    const auto [ours, look_ups] = measure_in_turns(
        trial, round, "rows/s",
        {{"pipeline", [&] { return load_again(trial, place, feed); }},
         {"look-ups alone", [&] { return look_up_by_sql_alone(place.server(), place.schema(), feed.numbers()); }}});
    trial.add("pipeline to look-ups alone", ours / look_ups, "", at_least(0.7));
  }
}

void postgres_scattered(const Trial& trial) {
  ChangingStore store(trial, 1'000'000, 10'000);
  for (int round = 0; round < rounds_of(trial, true); ++round) {
    const auto [ours, sql_alone] = measure_in_turns(trial, round, "rows/s",
                                                    {{"pipeline", [&] { return store.change_by_executable(); }},
                                                     {"SQL alone", [&] { return store.change_by_sql_alone(); }}});
    trial.add("pipeline to SQL alone", ours / sql_alone, "", at_least(0.8));
  }
}

}  // namespace pipeline::bench
