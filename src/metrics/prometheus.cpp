#include "pipeline/base/file.h"
#include "pipeline/metrics/report.h"

#include "decimal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

namespace pipeline::metrics {
namespace {

std::string words_of(std::string_view metric) {
  for (const std::string_view suffix : {"_seconds", "_total"})
    if (metric.ends_with(suffix)) metric.remove_suffix(suffix.size());
  std::string words(metric);
  std::ranges::replace(words, '_', ' ');
  return words;
}

class Exposition {
 public:
  explicit Exposition(std::string_view command) : command_(command) {}

  void begin_family(std::string_view name, std::string_view type, std::string_view help) {
    fmt::format_to(std::back_inserter(text_), "# HELP pipeline_{0} {2}\n# TYPE pipeline_{0} {1}\n", name, type, help);
  }

  void sample(std::string_view name, std::string_view suffix, const LabelList& labels, double value) {
    text_.append("pipeline_").append(name).append(suffix) += '{';
    label("command", command_);
    for (const auto& [key, text] : labels) {
      text_ += ',';
      label(key, text);
    }
    text_ += "} ";
    if (std::isnan(value))
      text_ += "NaN";
    else if (std::isinf(value))
      text_ += value > 0 ? "+Inf" : "-Inf";
    else
      append_decimal(value, text_);
    text_ += '\n';
  }

  void gauge(std::string_view name, std::string_view help, double value) {
    begin_family(name, "gauge", help);
    sample(name, "", {}, value);
  }

  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  void label(std::string_view name, std::string_view value) {
    text_.append(name) += "=\"";
    for (const char c : value) {
      if (c == '\\' || c == '"') text_ += '\\';
      if (c == '\n')
        text_ += "\\n";
      else
        text_ += c;
    }
    text_ += '"';
  }

  std::string_view command_;
  std::string text_;
};

void add_summary(Exposition& out, const Row& row) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();  // what the format has for a quantile of nothing
  const std::array quantiles{std::pair("0.5", row.p50), std::pair("0.95", row.p95), std::pair("0.99", row.p99)};
  LabelList labels = row.labels;
  labels.emplace_back("quantile", "");
  for (const auto& [quantile, value] : quantiles) {
    labels.back().second = quantile;
    out.sample(row.metric, "", labels, row.count > 0 ? value : kNone);
  }
  labels.pop_back();
  out.sample(row.metric, "_sum", labels, row.sum);
  out.sample(row.metric, "_count", labels, static_cast<double>(row.count));
}

void begin_family(Exposition& out, const Row& row) {
  const std::string words = words_of(row.metric);
  switch (row.kind) {
    case Kind::timer:
      return out.begin_family(row.metric, "summary", fmt::format("Seconds each {} of the last run took.", words));
    case Kind::counter:
      // Linters let no counter have another suffix; and each run's file begins at zero again, as a gauge may.
      if (!row.metric.ends_with("_total"))
        return out.begin_family(row.metric, "gauge", fmt::format("The {} of the last run.", words));
      return out.begin_family(row.metric, "counter", fmt::format("Count of {} in the last run.", words));
    case Kind::gauge:
      return out.begin_family(row.metric, "gauge", fmt::format("The {} at the end of the last run.", words));
  }
}

void add_budget(Exposition& out, const Verdicts& verdicts) {
  using Outcome = Verdict::Outcome;
  if (verdicts.empty()) return;
  out.begin_family("budget_rules", "gauge", "Rules of the budget for the last run, by how they came out.");
  for (const Outcome outcome : {Outcome::kept, Outcome::over, Outcome::not_applicable, Outcome::missing})
    out.sample("budget_rules", "", {{"outcome", std::string(to_string(outcome))}},
               static_cast<double>(count(verdicts, outcome)));
  if (count(verdicts, Outcome::kept) + count(verdicts, Outcome::over) == 0) return;
  out.begin_family("budget_rule_kept", "gauge", "Whether the last run kept a rule of the budget that applied to it.");
  for (const Verdict& verdict : verdicts)
    if (verdict.outcome == Outcome::kept || verdict.outcome == Outcome::over)
      out.sample("budget_rule_kept", "", {{"set", verdict.rule.set}, {"rule", verdict.rule.name}},
                 verdict.outcome == Outcome::kept ? 1 : 0);
}

}  // namespace

void write_prometheus(const std::filesystem::path& file, const RunInfo& run, const std::vector<Row>& rows,
                      const RunEnd& end) {
  // All series of a name must stand together, however they were registered.
  std::vector<std::vector<const Row*>> families;
  for (const Row& row : rows) {
    const auto same_name = [&](const auto& family) { return family.front()->metric == row.metric; };
    const auto family = std::ranges::find_if(families, same_name);
    if (family == families.end())
      families.push_back({&row});
    else
      family->push_back(&row);
  }

  Exposition out(run.command);
  for (const auto& family : families) {
    begin_family(out, *family.front());
    for (const Row* row : family) {
      if (row->kind == Kind::timer)
        add_summary(out, *row);
      else
        out.sample(row->metric, "", row->labels, row->sum);
    }
  }

  out.gauge("last_run_timestamp_seconds", "When the last run ended, in Unix time.",
            to_seconds(end.at.time_since_epoch()));
  out.gauge("last_run_duration_seconds", "How long the last run took.", to_seconds(end.at - run.started_at));
  out.gauge("last_run_exit_code", "The exit code of the last run; 0 is success.", end.exit_code);
  add_budget(out, end.verdicts);
  for (const GaugeFamily& family : end.standing) {
    out.begin_family(family.name, "gauge", family.help);
    for (const auto& [labels, value] : family.samples) out.sample(family.name, "", labels, value);
  }

  AtomicFile target(file);
  target.write(out.text());
  target.commit();
}

}  // namespace pipeline::metrics
