#include "product_rows.h"
#include "support/sql.h"
#include "upsert_cases.h"
#include "upsert_place.h"
#include "upsert_yardsticks.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace pipeline::bench {
namespace {

// A table of products, some of which change again and again: those picked, in random order, each time to something new.
class Table {
 public:
  Table(const Trial& trial, std::int64_t rows, std::int64_t changed)
      : trial_(trial), rows_(rows), changed_(at_random(rows, changed)) {}

  // Throws unless all rows came in.
  [[nodiscard]] Run build() const;

  // Both in rows a second.
  double change_by_executable();
  double change_by_sql_only();

  [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }

 private:
  void work_off_queue() const;
  [[nodiscard]] std::filesystem::path file() const { return place_ / "rows.jsonl"; }

  const Trial& trial_;
  const std::int64_t rows_;
  const std::vector<std::int64_t> changed_;
  const UpsertPlace place_;
  int version_ = 0;
};

Run Table::build() const {
  write_rows(file(), in_order(rows_));
  Run run = place_.upsert(file());
  trial_.add(fmt::format("rows inserted of {}", rows_), run.count("inserted"), "", exactly(static_cast<double>(rows_)));
  std::filesystem::remove(file());
  return run;
}

double Table::change_by_executable() {
  work_off_queue();
  write_rows(file(), changed_, ++version_);
  const Run run = place_.upsert(file());
  trial_.add(fmt::format("rows updated of {}", rows_), run.count("updated"), "",
             exactly(static_cast<double>(changed_.size())));
  return run.rows_per_s();
}

double Table::change_by_sql_only() {
  work_off_queue();
  return run_sql_only(place_.db(), changed_, ++version_);
}

// As it would be by the next night; else the changes of one run would be merged into those of the run before.
void Table::work_off_queue() const {
  (void)test::run_sql(place_.db(), "DELETE FROM refresh_queue");
}

// The rates of the executable and of SQL alone.
std::array<double, 2> change(const Trial& trial, Table& table, int round) {
  return measure_in_turns(
      trial, round, "rows/s",
      {{fmt::format("pipeline into {}", table.rows()), [&] { return table.change_by_executable(); }},
       {fmt::format("SQL only into {}", table.rows()), [&] { return table.change_by_sql_only(); }}});
}

}  // namespace

void upsert_scattered(const Trial& trial) {
  const std::int64_t changed = trial.smoke ? 5'000 : 10'000;
  Table large(trial, trial.smoke ? 20'000 : 1'000'000, changed);
  Table small(trial, changed, changed);
  const Run built = large.build();
  trial.add(fmt::format("first load of {}", large.rows()), built.rows_per_s(), "rows/s");
  trial.add("its peak memory", built.peak_megabytes, "MB", at_most(100));
  (void)small.build();
  for (int round = 0; round < rounds_of(trial, true); ++round) {
    const auto [into_large, sql_into_large] = change(trial, large, round);
    const auto [into_small, sql_into_small] = change(trial, small, round);
    trial.add(fmt::format("pipeline to SQL only into {}", large.rows()), into_large / sql_into_large, "",
              at_least(trial.smoke ? 0.45 : 0.9));
    trial.add(fmt::format("pipeline to SQL only into {}", small.rows()), into_small / sql_into_small, "");
    trial.add(fmt::format("pipeline into {} to {}", large.rows(), small.rows()), into_large / into_small, "",
              at_least(trial.smoke ? 0.4 : 0.5));
  }
}

}  // namespace pipeline::bench
