#pragma once

#include "cases.h"

#include <string_view>

namespace pipeline::bench {

// sync_rate.cpp: the pace of the store's token bucket.
void first_at_20(const Trial& trial);
void first_at_50(const Trial& trial);
void first_at_20_ticks(const Trial& trial);  // all of R at each whole second, at a phase nobody knows
void first_at_50_ticks(const Trial& trial);
void rate_change(const Trial& trial);

// sync_changes.cpp: only what changed is fetched and written.
void unchanged(const Trial& trial);
void edited(const Trial& trial);
void unchanged_large(const Trial& trial);

// sync_speed.cpp: the program's own speed where no bucket limits it.
void throughput(const Trial& trial);
void throughput_plain(const Trial& trial);  // without gzip
void latency(const Trial& trial);

// sync_plan.cpp: the plan's own case, 1,000 SKUs at two calls a second, in virtual time.
void plan_case(const Trial& trial);
void plan_case_ticks(const Trial& trial);

// sync_guard.cpp: the short form's, against the baseline.
void guard_details(const Trial& trial);  // processor time of a first sync and of one without changes
void guard_wire(const Trial& trial);     // what is waited for beside the wire

// sync_matrix.cpp: batch size, workers and incremental mode against each other, into <out>/sync-matrix.csv and .md.
void sync_matrix(const Settings& settings, std::string_view machine, Report& report);

}  // namespace pipeline::bench
