#include "pipeline/base/text.h"
#include "pipeline/metrics/terminal_table.h"
#include "pipeline/report/compare.h"

#include "compare_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace pipeline::report {
namespace {

constexpr std::size_t kPieces = 4;  // of a statistic: base, new, change, mark

using Cells = std::vector<std::string>;

std::string time_text(const std::optional<double>& seconds) {
  return seconds ? format_duration(*seconds) : "-";
}

std::string change_text(const Stage& stage, const Change& change, const InLanguage& in_language) {
  if (stage.presence == Presence::only_fresh) return in_language("added");
  if (stage.presence == Presence::only_base) return in_language("gone");
  return growth_text(change.growth());
}

// Columns that belong together stand one space apart, since twelve of them have to fit; all to the right but the first.
std::string align(std::vector<Cells> lines) {
  std::vector<std::size_t> widths(lines.front().size());
  const auto gap = [](std::size_t column) -> std::size_t { return column == 0 ? 0 : column % kPieces == 1 ? 2 : 1; };
  std::size_t others = 0;
  for (std::size_t i = 1; i < widths.size(); ++i) {
    for (const Cells& line : lines) widths[i] = std::max(widths[i], display_width(line[i]));
    others += gap(i) + widths[i];
  }
  for (Cells& line : lines) {
    line[0] = shorten(line[0], metrics::kTerminalColumns - std::min(others, metrics::kTerminalColumns));
    widths[0] = std::max(widths[0], display_width(line[0]));
  }
  std::string text;
  for (const Cells& line : lines) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const std::string padding(widths[i] - display_width(line[i]), ' ');
      text.append(gap(i), ' ');
      text += i == 0 ? line[i] + padding : padding + line[i];
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text;
}

std::string table_of(const Section& section, const InLanguage& in_language) {
  std::vector<Cells> lines{{in_language("stage")}};
  for (const auto statistic : kStatistics)
    for (std::string head : {fmt::format("{} {}", statistic, in_language("base")), in_language("now"),
                             in_language("change"), std::string()})
      lines.front().push_back(std::move(head));
  for (const Stage& stage : section.stages) {
    Cells& line = lines.emplace_back(Cells{name_of(stage)});
    for (const Change& change : stage.changes)
      for (std::string cell : {time_text(change.base), time_text(change.fresh), change_text(stage, change, in_language),
                               std::string(sign_of(change.mark))})
        line.push_back(std::move(cell));
  }
  return align(std::move(lines));
}

std::string heading_of(const Section& section) {
  std::string text = fmt::format("{}: ", section.command);
  if (section.has_groups())
    text += fmt::format("{} runs before, {} now; medians over the runs\n", section.base_runs.size(),
                        section.fresh_runs.size());
  else
    text += fmt::format("{} before, {} now\n", section.base_runs[0], section.fresh_runs[0]);
  if (!section.left_out.empty())
    text += fmt::format("left out, as they did not get through: {}\n", fmt::join(section.left_out, ", "));
  if (!section.work.empty()) text += section.work + '\n';
  return text;
}

// What the mark of several runs rests on, for those that ask for something to be done.
std::string findings_of(const Section& section) {
  std::string text;
  for (const Stage& stage : section.stages) {
    for (std::size_t i = 0; i < kStatistics.size(); ++i) {
      const Change& change = stage.changes[i];
      if (!section.has_groups() || (change.mark != Mark::regressed && change.mark != Mark::cannot_tell)) continue;
      text += fmt::format("{} {} {}: ", sign_of(change.mark), name_of(stage), kStatistics[i]);
      if (change.ratio.low > 0)
        text += fmt::format("between {} and {}", growth_text(change.ratio.low - 1), growth_text(change.ratio.high - 1));
      else
        text += "too few runs to say how much";
      text += change.mark == Mark::regressed
                  ? fmt::format(", by noise in {:.2g} of 100 comparisons\n", change.chance * 100)
              : change.runs_needed > 0 ? fmt::format("; {} runs a side may tell\n", change.runs_needed)
                                       : "; more runs would not tell\n";
    }
  }
  return text;
}

std::string legend_of(const Comparison& comparison) {
  std::set<Mark> seen;
  for (const Section& section : comparison.sections) {
    for (const Stage& stage : section.stages) {
      for (const Change& change : stage.changes) seen.insert(change.mark);
    }
  }
  const bool groups = comparison.tested > 0;
  const std::string limit = fmt::format("{:.4g} %", comparison.rules.max_regression * 100);
  std::string text;
  const auto explain = [&](Mark mark, const std::string& words) {
    if (seen.contains(mark)) text += fmt::format("  {} {}\n", sign_of(mark), words);
  };
  explain(Mark::regressed, groups ? fmt::format("slower, which is no noise, and {} or more cannot be ruled out", limit)
                                  : fmt::format("slower by more than {}", limit));
  explain(Mark::cannot_tell, fmt::format("not shown to be slower, nor to be within {}: more runs", limit));
  explain(Mark::slower_in_limits, fmt::format("slower, which is no noise, but surely by less than {}", limit));
  explain(Mark::faster, groups ? "faster, which is no noise" : fmt::format("faster by more than {}", limit));
  explain(Mark::kept, fmt::format("{}within {}", groups ? "surely " : "", limit));
  explain(Mark::not_judged,
          fmt::format("not judged: too few samples ({}p95: 20, p99: 100), or under {:.4g} % of the run's time",
                      groups ? "" : "p50: 5, ", comparison.rules.min_share * 100));
  if (groups)
    text += fmt::format("  Noise alone marks any of the {} judged as ✗ in at most 5 of 100 comparisons.\n",
                        comparison.tested);
  return text;
}

}  // namespace

std::string comparison_table(const Comparison& comparison, const InLanguage& in_language) {
  std::string text;
  for (const Section& section : comparison.sections)
    text += heading_of(section) + table_of(section, in_language) + findings_of(section) + '\n';
  return text + legend_of(comparison) + '\n' + comparison_summary(comparison) + '\n';
}

}  // namespace pipeline::report
