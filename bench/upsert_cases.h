#pragma once

#include "cases.h"

#include <string_view>

namespace pipeline::bench {

// Rates are rows by the wall time of the whole process. What they are compared with runs in turns with it, on the same
// disk, and each ratio is of one round. Runs of a second or less are noisy: there are more of them.
[[nodiscard]] inline int rounds_of(const Trial& trial, bool short_runs) noexcept {
  return short_runs ? 3 * trial.rounds : trial.rounds;
}

// upsert_load.cpp: a file into an empty database, and the same file again.
void upsert_first_load(const Trial& trial);
void upsert_unchanged(const Trial& trial);
void upsert_commits(const Trial& trial);    // one transaction per row against one per batch
void upsert_plan_case(const Trial& trial);  // the plan's own case, 10,000 rows

// upsert_scattered.cpp: changed rows in random order into a large table; and the memory that building it took.
void upsert_scattered(const Trial& trial);

// upsert_guard.cpp: the short form's, in processor time against the bare rows of bare_rows.h and the baseline.
void guard_first_load(const Trial& trial);
void guard_unchanged(const Trial& trial);
void guard_scattered(const Trial& trial);

// upsert_matrix.cpp: commits, the index on sku and the skipping of equal rows against each other, into
// <out>/upsert-matrix.csv and .md.
void upsert_matrix(const Settings& settings, std::string_view machine, Report& report);

}  // namespace pipeline::bench
