#pragma once

#include "pipeline/metrics/run_files.h"

#include <optional>

// Which runs may be held against each other: those that got through, and had as much to do.
namespace pipeline::report {

// Whether the run ended as it should: with exit code 0, 3 (some products, rows or posts failed) or 4 (over budget).
// Where its file does not tell the code, whether it got anything done, or that is not known either.
[[nodiscard]] bool got_through(const metrics::Run& run);
[[nodiscard]] bool got_through(int exit_code) noexcept;

// How much a run had to do, counted in what takes the time: of a sync the lists and details that were answered; of an
// upsert the rows, one that is written ten times; of a package the pictures, a video six times, a post that had not
// changed 0.03 times (docs/performance.md has what each costs). Nothing for other commands, and where no row tells it.
[[nodiscard]] std::optional<double> work_of(const metrics::Run& run);

// Whether the one is at most half as much again as the other.
[[nodiscard]] bool is_like_work(double one, double other) noexcept;

}  // namespace pipeline::report
