#include "pipeline/base/names.h"
#include "pipeline/base/text.h"
#include "pipeline/metrics/csv.h"
#include "pipeline/report/compare.h"

#include "compare_words.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <functional>

namespace pipeline::report {
namespace {

using nlohmann::ordered_json;

constexpr auto kPresences = names_of<Presence>("both", "gone", "new");

ordered_json number(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? ordered_json(*value) : ordered_json(nullptr);
}

// What several runs tell, and one does not.
ordered_json json_of(const Stage& stage, const Change& change, bool groups) {
  ordered_json json = {{"base", number(change.base)}, {"new", number(change.fresh)}};
  const bool both = stage.presence == Presence::both;
  json["change"] = both ? ordered_json(change.growth()) : ordered_json(nullptr);
  json["mark"] = to_string(change.mark);
  if (change.mark == Mark::not_judged) {
    json["why"] = change.why;
  } else if (groups) {
    json["ratio"] = {
        {"estimate", change.ratio.estimate}, {"low", number(change.ratio.low)}, {"high", number(change.ratio.high)}};
    json["chance_of_noise"] = change.chance;
  }
  if (change.mark == Mark::cannot_tell)
    json["runs_needed"] = change.runs_needed > 0 ? ordered_json(change.runs_needed) : ordered_json(nullptr);
  return json;
}

ordered_json json_of(const Section& section) {
  ordered_json json = {
      {"command", section.command}, {"base_runs", section.base_runs}, {"new_runs", section.fresh_runs}};
  auto& stages = json["stages"] = ordered_json::array();
  for (const Stage& stage : section.stages) {
    ordered_json& line = stages.emplace_back();
    line = {
        {"metric", stage.metric}, {"labels", metrics::to_text(stage.labels)}, {"presence", kPresences[stage.presence]}};
    for (std::size_t i = 0; i < kStatistics.size(); ++i)
      line[std::string(kStatistics[i])] = json_of(stage, stage.changes[i], section.has_groups());
  }
  return json;
}

}  // namespace

std::string comparison_json(const Comparison& comparison, std::string_view head) {
  auto json = ordered_json::parse(head);
  json["max_regression"] = comparison.rules.max_regression;
  json["min_share"] = comparison.rules.min_share;
  json["statistics_tested"] = comparison.tested;
  auto& sections = json["sections"] = ordered_json::array();
  for (const Section& section : comparison.sections) sections.push_back(json_of(section));
  json["summary"] = comparison_summary(comparison);
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string comparison_csv(const Comparison& comparison) {
  metrics::CsvText csv;
  for (const char* const column :
       {"command", "metric", "labels", "statistic", "presence", "base_runs", "new_runs", "base", "new", "change",
        "ratio_low", "ratio_high", "chance_of_noise", "mark", "why", "runs_needed"})
    csv.field(std::string_view(column));
  csv.end_line();
  const auto known = [](bool is_known, double value) {
    return is_known && std::isfinite(value) ? std::optional(value) : std::nullopt;
  };
  for (const Section& section : comparison.sections) {
    for (const Stage& stage : section.stages) {
      for (std::size_t i = 0; i < kStatistics.size(); ++i) {
        const Change& change = stage.changes[i];
        const bool tested = section.has_groups() && change.mark != Mark::not_judged;
        csv.field(section.command).field(stage.metric).field(metrics::to_text(stage.labels)).field(kStatistics[i]);
        csv.field(kPresences[stage.presence]);
        csv.field(std::uint64_t{section.base_runs.size()}).field(std::uint64_t{section.fresh_runs.size()});
        const bool both = stage.presence == Presence::both;
        csv.field(known(change.base.has_value(), change.base.value_or(0)));
        csv.field(known(change.fresh.has_value(), change.fresh.value_or(0)));
        csv.field(known(both, both ? change.growth() : 0));
        csv.field(known(tested && change.ratio.low > 0, change.ratio.low)).field(known(tested, change.ratio.high));
        csv.field(known(tested, change.chance)).field(to_string(change.mark)).field(change.why);
        csv.field(known(change.runs_needed > 0, static_cast<double>(change.runs_needed)));
        csv.end_line();
      }
    }
  }
  return csv.text();
}

std::string comparison_markdown(const Comparison& comparison, const InLanguage& in_language) {
  std::string text;
  for (const Section& section : comparison.sections) {
    text += "### " + in_language(fmt::format("{}: {} run{} before, {} now", section.command, section.base_runs.size(),
                                             section.base_runs.size() == 1 ? "" : "s", section.fresh_runs.size()));
    text += "\n\n|";
    for (const char* const head : {"stage", "statistic", "base", "now", "change", "95 % bounds"})
      text += fmt::format(" {} |", in_language(head));
    text += " |\n|---|---|--:|--:|--:|---|---|\n";
    for (const Stage& stage : section.stages) {
      for (std::size_t i = 0; i < kStatistics.size(); ++i) {
        const Change& change = stage.changes[i];
        const bool tested = section.has_groups() && change.mark != Mark::not_judged && change.ratio.low > 0;
        const auto time = [](const auto& seconds) { return seconds ? format_duration(*seconds) : std::string("-"); };
        text += fmt::format(
            "| {} | {} | {} | {} | {} | {} | {} {} |\n", markdown_text(name_of(stage)), kStatistics[i],
            time(change.base), time(change.fresh),
            stage.presence == Presence::both         ? growth_text(change.growth())
            : stage.presence == Presence::only_fresh ? in_language("added")
                                                     : in_language("gone"),
            tested ? growth_text(change.ratio.low - 1) + " … " + growth_text(change.ratio.high - 1) : std::string(),
            sign_of(change.mark), in_language(change.why.empty() ? to_string(change.mark) : change.why));
      }
    }
    text += '\n';
  }
  return text + in_language(comparison_summary(comparison)) + '\n';
}

}  // namespace pipeline::report
