#include "compare_words.h"

#include "pipeline/base/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pipeline::report {
namespace {

// The stages whose worst mark this is.
std::vector<const Stage*> stages_with(const Comparison& comparison, Mark mark) {
  std::vector<const Stage*> stages;
  for (const Section& section : comparison.sections)
    for (const Stage& stage : section.stages)
      if (stage.presence == Presence::both && stage.worst() == mark) stages.push_back(&stage);
  return stages;
}

// detail_fetch p95 +38.0%
std::string worst_change(const Stage& stage) {
  std::size_t worst = kStatistics.size();
  for (std::size_t i = 0; i < kStatistics.size(); ++i) {
    if (stage.changes[i].mark != Mark::regressed) continue;
    if (worst == kStatistics.size() || stage.changes[i].growth() > stage.changes[worst].growth()) worst = i;
  }
  return fmt::format("{} {} {}", name_of(stage), kStatistics[worst], growth_text(stage.changes[worst].growth()));
}

std::string joined(const std::vector<std::string>& parts) {
  return fmt::format("{}", fmt::join(parts, ", "));
}

// The runs a side that all would need that can't be told; 0 where one of them would not be told by any number.
std::size_t runs_needed(const std::vector<const Stage*>& stages) {
  std::size_t most = 0;
  for (const Stage* stage : stages) {
    for (const Change& change : stage->changes) {
      if (change.mark != Mark::cannot_tell) continue;
      if (change.runs_needed == 0) return 0;
      most = std::max(most, change.runs_needed);
    }
  }
  return most;
}

std::string presence_words(const Comparison& comparison, Presence presence) {
  std::vector<std::string> names;
  for (const Section& section : comparison.sections)
    for (const Stage& stage : section.stages)
      if (stage.presence == presence) names.push_back(name_of(stage));
  if (names.empty()) return {};
  return fmt::format("; {} {}: {}", names.size(), presence == Presence::only_fresh ? "new" : "gone", joined(names));
}

}  // namespace

std::string_view sign_of(Mark mark) noexcept {
  static constexpr auto kSigns = names_of<Mark>("✗", "?", "~", "↓", "✓", "·");
  return kSigns[mark];
}

std::string name_of(const Stage& stage) {
  return series_name(stage.metric, stage.labels);
}

std::string comparison_summary(const Comparison& comparison) {
  std::size_t compared = 0;
  std::vector<std::string> parts;
  for (const auto& [mark, words] :
       {std::pair(Mark::regressed, "regressed"), std::pair(Mark::cannot_tell, "cannot tell"),
        std::pair(Mark::slower_in_limits, "slower within the limit"), std::pair(Mark::faster, "faster"),
        std::pair(Mark::kept, "kept"), std::pair(Mark::not_judged, "not judged")}) {
    const auto stages = stages_with(comparison, mark);
    if (stages.empty()) continue;
    compared += stages.size();
    std::string part = fmt::format("{} {}", stages.size(), words);
    if (mark == Mark::regressed) {
      std::vector<std::string> changes;
      for (const Stage* stage : stages) changes.push_back(worst_change(*stage));
      part += fmt::format(" ({})", fmt::join(changes, " / "));
    } else if (mark == Mark::cannot_tell) {
      const std::size_t runs = runs_needed(stages);
      part += runs > 0 ? fmt::format(" (at least {} runs a side needed)", runs) : " (the noise is too large)";
    }
    parts.push_back(std::move(part));
  }
  return fmt::format("{} stage{} compared{}{}{}{}", compared, compared == 1 ? "" : "s", parts.empty() ? "" : ": ",
                     joined(parts), presence_words(comparison, Presence::only_fresh),
                     presence_words(comparison, Presence::only_base));
}

}  // namespace pipeline::report
