#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/metrics/budget.h"
#include "pipeline/metrics/run_files.h"
#include "pipeline/report/rank_test.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What the runs in history.csv measured, command by command: the tables by week (report/weeks.h) and the page
// (report/page.h) are drawn from this.
namespace pipeline::report {

// What runs are taken together. Days and weeks are Korea's, an iso_week begins on Monday in UTC.
enum class Unit { run, day, week, four_weeks, iso_week };
inline constexpr std::int64_t kMostPoints = 132;  // ten years have 131 times four weeks

// A series in one group of runs.
struct Point {
  WallTime at;             // the run's start, or the group's
  std::uint64_t runs = 0;  // that have the series
  std::uint64_t count = 0;
  double sum = 0;
  double middle = 0;                 // of the statistic asked for, over the runs
  double p95 = 0, p99 = 0, max = 0;  // the worst
  std::vector<double> values;        // while it is read: the statistic of each run, and later the middle alone
};

struct TimeSeries {
  std::string metric;
  metrics::LabelList labels;
  double sum = 0;             // over all runs
  bool single = true;         // never more than one value a run
  std::vector<Point> points;  // in time
};

// The runs by what became of a rule of the budget in them. A run it does not apply to is counted nowhere.
struct RuleWeek {
  std::size_t judged = 0;   // kept or over
  std::size_t over = 0;     // of those judged
  std::size_t missing = 0;  // runs without its metric, as those of older versions are

  friend bool operator==(const RuleWeek&, const RuleWeek&) = default;
};

struct Group {
  WallTime at;
  std::size_t runs = 0;         // that got through
  std::size_t failed = 0;       // the others
  std::vector<RuleWeek> rules;  // of the budget, those for the command; empty where no run was judged
};

// A run that got through.
struct Passed {
  WallTime at;
  double seconds = 0;          // of the whole; 0 where that is not told
  std::optional<double> work;  // as work_of() has it
};
[[nodiscard]] Passed passed(const metrics::Run& run);

// The runs of one command.
struct CommandHistory {
  std::string command;
  Unit unit = Unit::run;
  std::vector<Group> groups;         // in time
  std::vector<TimeSeries> stages;    // that ran, of the runs that got through; in the order of the reports
  std::vector<TimeSeries> counters;  // of all runs
  std::vector<Passed> before;        // all that got through but the last, in the file's order
  metrics::Run last;                 // that began last

  [[nodiscard]] std::uint64_t runs() const;  // failed ones too
  [[nodiscard]] std::uint64_t failed() const;
};

struct History {
  std::vector<CommandHistory> commands;  // by name
  std::uint64_t runs = 0;                // failed ones too
  WallTime first, last;                  // starts of runs
  std::uint64_t faults = 0;              // lines that could not be read
  std::vector<std::string> told;         // the first of them, in words
};
inline constexpr std::size_t kToldFaults = 5;

// How a run ended, where it is known otherwise than by the file.
using ExitCodeOf = std::function<std::optional<int>(std::string_view run_id)>;

struct HistoryQuery {
  WallTime from{}, until = WallTime::max();           // when the runs began
  std::string command{};                              // empty: all
  std::optional<Unit> unit{};                         // none: what a chart of the command's runs can show
  std::string statistic = "p50";                      // p50, p95, p99, mean, max, sum or count
  double (*middle)(std::vector<double>) = median_of;  // of the runs of a group
  const metrics::Budget* budget = nullptr;            // none: no run is judged
  ExitCodeOf exit_code_of{};                          // may be empty
  std::function<void(const std::string&)> fault{};    // may be empty
};

// Streams the file, twice where the unit is to be found. Memory grows by some bytes a run, for all series together: of
// a group that two others have followed only the figures are kept. Throws Error where there is no history, UsageError
// for an unknown statistic.
[[nodiscard]] History read_history(const std::filesystem::path& file, const HistoryQuery& query);

// So many runs between two moments: how they are best grouped.
[[nodiscard]] Unit unit_for(std::uint64_t runs, WallTime first, WallTime last);
// Where the group of this moment begins.
[[nodiscard]] WallTime group_start(Unit unit, WallTime at);

}  // namespace pipeline::report
