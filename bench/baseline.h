#pragma once

#include "report.h"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::bench {

// What a figure of the short form was when it was recorded: the median of so many runs, and their spread.
struct BaselineRow {
  std::string name;
  std::string what;
  std::string unit;
  Better better = Better::lower;
  double median = 0;
  double least = 0;
  double most = 0;
};

struct Baseline {
  std::vector<BaselineRow> rows;

  // Null: not in it.
  [[nodiscard]] const BaselineRow* find(std::string_view name, std::string_view what) const;
};

// case,what,unit,better,median,least,most below `#` lines. Throws Error naming the file and the line of what is wrong.
[[nodiscard]] Baseline read_baseline(const std::filesystem::path& file);
[[nodiscard]] std::string to_csv(const Baseline& baseline);

// Of the figures of several runs: of each figure the medians of the runs, and of those the median. Throws Error when a
// run lacks a figure of the first one. At least one run.
[[nodiscard]] Baseline baseline_of(std::span<const std::vector<Guarded>> runs);

}  // namespace pipeline::bench
