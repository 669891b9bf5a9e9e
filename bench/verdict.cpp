#include "verdict.h"

#include "pipeline/base/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace pipeline::bench {
namespace {

using Mark = Verdict::Mark;

constexpr int kMoreAttempts = 2;
constexpr double kBeyondDoubt = 1;  // twice the baseline

// Above zero: worse than the baseline by that share.
double worsening(double value, const BaselineRow& row) {
  return row.better == Better::lower ? value / row.median - 1 : 1 - value / row.median;
}

Verdict compare(const Guarded& figure, const BaselineRow& row) {
  Verdict verdict{.name = figure.name, .what = figure.what, .baseline = row.median, .now = median(figure.values)};
  verdict.change = verdict.now / row.median - 1;
  const double worse_by = worsening(verdict.now, row);
  if (worse_by > kTolerance) verdict.mark = Mark::worse;
  if (worse_by < -kTolerance) verdict.mark = Mark::better;
  // Half as good is as bad as twice as dear.
  const double factor = row.better == Better::lower ? verdict.now / row.median : row.median / verdict.now;
  verdict.beyond_doubt = factor - 1 > kBeyondDoubt && std::ranges::all_of(figure.values, [&row](double value) {
                           return worsening(value, row) > kTolerance;
                         });
  return verdict;
}

// A case with a figure that is beyond doubt need not be asked again.
std::set<std::string> cases_in_doubt(std::span<const Verdict> verdicts) {
  std::set<std::string> names;
  for (const Verdict& verdict : verdicts)
    if (verdict.mark == Mark::worse) names.insert(verdict.name);
  for (const Verdict& verdict : verdicts)
    if (verdict.beyond_doubt) names.erase(verdict.name);
  return names;
}

constexpr auto kMarks = names_of<Mark>("ok", "WORSE", "better", "NO BASELINE", "NOT MEASURED");

std::string number(double value) {
  return value == 0 ? "" : fmt::format("{:.4g}", value);
}

std::string advice(const Verdict& verdict) {
  const std::string figure = fmt::format("{}: {}", verdict.name, verdict.what);
  switch (verdict.mark) {
    case Mark::within:
      break;
    case Mark::worse:
      return fmt::format("{} got worse: {:.4g} instead of {:.4g} ({:+.1f} %, {:.0f} % are allowed)\n", figure,
                         verdict.now, verdict.baseline, 100 * verdict.change, 100 * kTolerance);
    case Mark::better:
      return fmt::format(
          "{} got better: {:.4g} instead of {:.4g} ({:+.1f} %). Record the baseline anew, or a relapse "
          "goes unseen: scripts/bench record\n",
          figure, verdict.now, verdict.baseline, 100 * verdict.change);
    case Mark::no_baseline:
      return fmt::format("{} has no baseline: record it with scripts/bench record\n", figure);
    case Mark::not_measured:
      return fmt::format(
          "{} is in the baseline, and was not measured: did its case break off, or was it renamed? "
          "scripts/bench record makes the baseline anew\n",
          figure);
  }
  return "";
}

}  // namespace

std::vector<Verdict> judge(const std::vector<Guarded>& figures, const Baseline& baseline,
                           std::span<const std::string> cases) {
  std::vector<Verdict> verdicts;
  for (const Guarded& figure : figures) {
    const BaselineRow* row = baseline.find(figure.name, figure.what);
    if (row != nullptr)
      verdicts.push_back(compare(figure, *row));
    else
      verdicts.push_back(
          {.name = figure.name, .what = figure.what, .now = median(figure.values), .mark = Mark::no_baseline});
  }
  for (const BaselineRow& row : baseline.rows) {
    const bool wanted = std::ranges::find(cases, row.name) != cases.end();
    const bool measured = std::ranges::any_of(
        figures, [&row](const Guarded& figure) { return figure.name == row.name && figure.what == row.what; });
    if (wanted && !measured)
      verdicts.push_back({.name = row.name, .what = row.what, .baseline = row.median, .mark = Mark::not_measured});
  }
  return verdicts;
}

std::vector<Verdict> judge_patiently(const Report& report, const Baseline& baseline, std::span<const std::string> cases,
                                     const std::function<void(const std::string&)>& measure_again) {
  auto verdicts = judge(report.guarded(), baseline, cases);
  for (int attempt = 0; attempt < kMoreAttempts; ++attempt) {
    const auto doubtful = cases_in_doubt(verdicts);
    if (doubtful.empty()) break;
    for (const std::string& name : doubtful) measure_again(name);
    verdicts = judge(report.guarded(), baseline, cases);
  }
  return verdicts;
}

bool passes(std::span<const Verdict> verdicts) {
  return std::ranges::all_of(
      verdicts, [](const Verdict& verdict) { return verdict.mark == Mark::within || verdict.mark == Mark::better; });
}

std::string to_text(std::span<const Verdict> verdicts) {
  std::string text =
      fmt::format("{:<16} {:<44} {:>9} {:>9} {:>9}  {}\n", "case", "figure", "baseline", "now", "change", "");
  for (const Verdict& verdict : verdicts) {
    const bool compared = verdict.baseline != 0 && verdict.now != 0;
    text += fmt::format("{:<16} {:<44} {:>9} {:>9} {:>9}  {}\n", verdict.name, verdict.what, number(verdict.baseline),
                        number(verdict.now), compared ? fmt::format("{:+.1f} %", 100 * verdict.change) : "",
                        kMarks[verdict.mark]);
  }
  text += '\n';
  for (const Verdict& verdict : verdicts) text += advice(verdict);
  return text;
}

}  // namespace pipeline::bench
