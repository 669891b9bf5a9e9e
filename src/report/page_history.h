#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/metrics/run_files.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::report::page {

// What a point of a chart stands for. A chart is some 350 pixels wide: more than kMostPoints say nothing more.
enum class Unit { run, day, week, four_weeks };
inline constexpr std::int64_t kMostPoints = 132;  // ten years have 131 times four weeks

struct Point {
  WallTime at;  // the run's start, or the group's: midnight KST, Monday's for weeks
  std::uint64_t runs = 0;
  std::uint64_t count = 0;
  double p50 = 0;                    // of a group the middle one (nearest rank) …
  double p95 = 0, p99 = 0, max = 0;  // … and the worst
};

struct Series {
  std::string metric;
  metrics::LabelList labels;
  double spent = 0;           // seconds over all runs
  bool single = true;         // never more than one value a run: no bands
  std::vector<Point> points;  // in time
};

// A kind of error, and how often: of nothing that went well.
struct Tally {
  std::string metric;
  metrics::LabelList labels;
  std::uint64_t last = 0;    // in the last run
  std::uint64_t period = 0;  // in all
  std::uint64_t runs = 0;    // that had any
};

struct CommandHistory {
  std::string command;
  std::uint64_t runs = 0;
  std::uint64_t failed = 0;  // of them, that did not get through
  Unit unit = Unit::run;
  std::vector<Series> stages;  // of the others: the whole run first, then those that take most time
  std::vector<Tally> errors;   // most frequent first
  metrics::Run last;
  std::optional<int> exit_code;     // of the last
  bool got_through = true;          // the last; else its figures say nothing of speed
  std::optional<double> work;       // of the last, as work_of() has it
  std::uint64_t before = 0;         // runs before the last, up to kBefore, that got through
  std::vector<double> like_before;  // seconds for each item of work, of those of them that had like work
};
inline constexpr std::size_t kBefore = 30;

struct History {
  std::uint64_t runs = 0;
  WallTime first, last;                  // starts of runs
  std::vector<CommandHistory> commands;  // sync, upsert, package, then others by name
  std::uint64_t damaged = 0;             // lines left out
  std::vector<std::string> damage;       // the first of them, in words
};
inline constexpr std::size_t kToldDamage = 5;

// `runs` between two moments: how they are best grouped.
[[nodiscard]] Unit unit_for(std::uint64_t runs, WallTime first, WallTime last);
// Where the group of this moment begins.
[[nodiscard]] WallTime group_start(Unit unit, WallTime at);

// Whether the counter counts something that went wrong.
[[nodiscard]] bool counts_errors(const metrics::Row& row);

// How a run ended, where it is known otherwise than by the file; may be empty.
using ExitCodeOf = std::function<std::optional<int>(std::string_view run_id)>;

// The runs that started at `from` or later. The file is streamed, twice: first to see how many runs there are. Damage
// is told to `warn` the first few times.
[[nodiscard]] History gather_history(const std::filesystem::path& file, WallTime from, const ExitCodeOf& exit_code_of,
                                     const std::function<void(const std::string&)>& warn);

}  // namespace pipeline::report::page
