#include "pipeline/base/text.h"
#include "pipeline/metrics/csv.h"
#include "pipeline/report/iso_week.h"
#include "pipeline/report/weeks.h"

#include "weeks_rows.h"
#include "words.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <initializer_list>
#include <string>
#include <vector>

namespace pipeline::report {
namespace {

using nlohmann::ordered_json;

std::vector<std::string> names_of(const std::vector<std::chrono::sys_days>& weeks) {
  std::vector<std::string> names;
  for (const auto monday : weeks) names.push_back(week_name(monday));
  return names;
}

ordered_json json_of(const std::vector<WeeksLine>& lines) {
  auto json = ordered_json::array();
  for (const WeeksLine& line : lines) {
    ordered_json& one = json.emplace_back();
    one = {{"metric", line.metric}, {"labels", metrics::to_text(line.labels)}, {"values", ordered_json::array()}};
    for (const auto& value : line.values) one["values"].push_back(value ? ordered_json(*value) : ordered_json(nullptr));
    const bool known = line.trend.kind != Trend::Kind::too_few;
    one["trend"] = known ? ordered_json(to_string(line.trend.kind)) : ordered_json(nullptr);
    one["change_a_week"] = known ? ordered_json(line.trend.per_step) : ordered_json(nullptr);
  }
  return json;
}

ordered_json json_of(const std::vector<RuleLine>& lines) {
  auto json = ordered_json::array();
  for (const RuleLine& line : lines) {
    const bool at_most = line.rule.limit.side == metrics::Limit::Side::at_most;
    ordered_json& one = json.emplace_back();
    one = {{"set", line.rule.set},
           {"rule", line.rule.name},
           {"measure", describe(line.rule.measure)},
           {at_most ? "at_most" : "at_least", line.rule.limit.value}};
    for (const char* const counted : {"over", "judged", "missing"}) one[counted] = ordered_json::array();
    for (const RuleWeek& week : line.weeks) {
      one["over"].push_back(week.over);
      one["judged"].push_back(week.judged);
      one["missing"].push_back(week.missing);
    }
  }
  return json;
}

// Columns of a CSV; the counters' statistic is their sum.
void add_lines(metrics::CsvText& csv, const WeeksSection& section, const std::vector<WeeksLine>& lines,
               std::string_view statistic, const std::vector<std::string>& weeks) {
  for (const WeeksLine& line : lines) {
    for (std::size_t i = 0; i < weeks.size(); ++i) {
      csv.field(section.command)
          .field(line.metric)
          .field(metrics::to_text(line.labels))
          .field(statistic)
          .field(weeks[i]);
      csv.field(std::uint64_t{section.runs[i]}).field(line.values[i]).end_line();
    }
  }
}

void add_rules(metrics::CsvText& csv, const WeeksSection& section, const std::vector<std::string>& weeks) {
  for (const auto& [rule, counts] : section.rules) {
    for (std::size_t i = 0; i < weeks.size(); ++i) {
      const auto add = [&, &rule = rule](std::string_view counted, std::uint64_t value) {
        csv.field(section.command).field(name_of(rule)).field(format_limit(rule.measure, rule.limit)).field(counted);
        csv.field(weeks[i]).field(std::uint64_t{section.runs[i]}).field(value);
        csv.end_line();
      };
      add("over", counts[i].over);
      add("judged", counts[i].judged);
      add("missing", counts[i].missing);
    }
  }
}

std::string markdown_row(std::initializer_list<std::vector<std::string>> cells) {
  std::string text = "|";
  for (const auto& some : cells)
    for (const std::string& cell : some) text += fmt::format(" {} |", cell);
  return text + '\n';
}

std::string markdown_line(const WeeksLine& line, std::string_view statistic, const InLanguage& in_language) {
  WeeksRow row = row_of(line, statistic);
  row.beside.back() = in_language(row.beside.back());
  return markdown_row({{markdown_text(row.name)}, row.weeks, row.beside});
}

std::string markdown_runs(const std::string& name, const std::vector<std::size_t>& runs) {
  std::vector<std::string> cells;
  for (const std::size_t n : runs) cells.push_back(std::to_string(n));
  return markdown_row({{name}, cells, {"", ""}});
}

std::string columns_of(const std::vector<std::string>& weeks) {
  std::string columns;
  for (std::size_t i = 0; i < weeks.size(); ++i) columns += "--:|";
  return columns;
}

std::string markdown_rules(const std::vector<RuleLine>& rules, const std::vector<std::string>& weeks,
                           const InLanguage& in_language) {
  if (rules.empty()) return in_language(kNoRules);
  std::string text = markdown_row({{in_language("runs over budget"), in_language("limit")}, weeks});
  text += fmt::format("|---|--:|{}\n", columns_of(weeks));
  for (const RuleLine& rule : rules) {
    const WeeksRow row = row_of(rule);
    text += markdown_row({{markdown_text(row.name)}, row.beside, row.weeks});
  }
  return text + '\n' + in_language(kRulesLegend);
}

}  // namespace

std::string history_json(const Weeks& history, std::string_view head) {
  auto json = ordered_json::parse(head);
  json["statistic"] = history.statistic;
  json["weeks"] = names_of(history.weeks);
  json["runs"] = history.runs;
  json["unreadable_lines"] = history.faults;
  auto& sections = json["sections"] = ordered_json::array();
  for (const WeeksSection& section : history.sections)
    sections.push_back({{"command", section.command},
                        {"runs", section.runs},
                        {"failed_runs", section.failed},
                        {"stages", json_of(section.stages)},
                        {"counters", json_of(section.counters)},
                        {"budget", history.has_budget ? json_of(section.rules) : ordered_json(nullptr)}});
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string history_csv(const Weeks& history) {
  metrics::CsvText csv;
  for (const char* const column : {"command", "metric", "labels", "statistic", "week", "runs", "value"})
    csv.field(std::string_view(column));
  csv.end_line();
  const auto weeks = names_of(history.weeks);
  for (const WeeksSection& section : history.sections) {
    add_lines(csv, section, section.stages, history.statistic, weeks);
    add_lines(csv, section, section.counters, "sum", weeks);
    add_rules(csv, section, weeks);
  }
  return csv.text();
}

std::string history_markdown(const Weeks& history, const InLanguage& in_language) {
  std::string text;
  const auto weeks = names_of(history.weeks);
  for (const WeeksSection& section : history.sections) {
    text += fmt::format("### {}: {}\n\n", section.command, history.statistic);
    text += markdown_row({{""}, weeks, {in_language("a week"), in_language("trend")}});
    text += fmt::format("|---|{}--:|---|\n", columns_of(weeks));
    text += markdown_runs(in_language("runs"), section.runs);
    if (section.has_failed()) text += markdown_runs(in_language("failed, left out"), section.failed);
    for (const WeeksLine& stage : section.stages) text += markdown_line(stage, history.statistic, in_language);
    for (const WeeksLine& counter : section.counters) text += markdown_line(counter, "count", in_language);
    if (history.has_budget) text += '\n' + markdown_rules(section.rules, weeks, in_language);
    text += '\n';
  }
  return text;
}

}  // namespace pipeline::report
