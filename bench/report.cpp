#include "report.h"

#include "pipeline/base/file.h"
#include "pipeline/base/names.h"
#include "pipeline/metrics/quantile.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace pipeline::bench {
namespace {

using Relation = Bound::Relation;

constexpr auto kRelations = names_of<Relation>("", "exactly", "at most", "at least", "near the baseline");

bool keeps(Bound bound, double value) {
  switch (bound.relation) {
    case Relation::exactly:
      return value == bound.value;
    case Relation::at_most:
      return value <= bound.value;
    case Relation::at_least:
      return value >= bound.value;
    case Relation::near_baseline:  // not this one's to judge
    case Relation::none:
      break;
  }
  return true;
}

// Value to bound, where that says something.
std::string ratio(Bound bound, double value) {
  const bool measured = bound.relation == Relation::at_most || bound.relation == Relation::at_least;
  return measured && bound.value != 0 ? fmt::format("{:.3f}", value / bound.value) : "";
}

// Whole numbers as they are, others to four digits.
std::string text(double value) {
  return value == std::floor(value) ? fmt::format("{:.0f}", value) : fmt::format("{:.4g}", value);
}

bool has_value(Bound bound) {
  return bound.relation != Relation::none && bound.relation != Relation::near_baseline;
}

std::string bound_text(Bound bound) {
  return has_value(bound) ? fmt::format("{} {}", kRelations[bound.relation], text(bound.value))
                          : std::string(kRelations[bound.relation]);
}

std::string_view mark(Bound bound, bool holds) {
  if (!has_value(bound)) return "    ";
  return holds ? "ok  " : "MISS";
}

}  // namespace

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return metrics::nearest_rank(values, 0.5);
}

void Report::add(std::string_view name, std::string_view what, double value, std::string_view unit, Bound bound) {
  find(name, what, unit, bound).values.push_back(value);
  fmt::print("{} {:<16} {:<34} {:>9} {:<10} {}\n", mark(bound, keeps(bound, value)), name, what, text(value), unit,
             bound_text(bound));
  std::fflush(stdout);
}

Report::Figure& Report::find(std::string_view name, std::string_view what, std::string_view unit, Bound bound) {
  const auto found =
      std::ranges::find_if(figures_, [&](const Figure& figure) { return figure.name == name && figure.what == what; });
  if (found != figures_.end()) return *found;
  return figures_.emplace_back(Figure{std::string(name), std::string(what), std::string(unit), bound, {}});
}

bool Report::holds(const Figure& figure) {
  if (figure.bound.relation != Relation::exactly) return keeps(figure.bound, median(figure.values));
  return std::ranges::all_of(figure.values, [&](double value) { return keeps(figure.bound, value); });
}

bool Report::holds() const {
  return std::ranges::all_of(figures_, [](const Figure& figure) { return holds(figure); });
}

std::vector<Guarded> Report::guarded() const {
  std::vector<Guarded> guarded;
  for (const Figure& figure : figures_)
    if (figure.bound.relation == Relation::near_baseline)
      guarded.push_back({figure.name, figure.what, figure.unit, figure.bound.better, figure.values});
  return guarded;
}

void Report::print_verdicts() const {
  fmt::print("\n     {:<16} {:<34} {:>9} {:<10} {:>19}   {:<18} {}\n", "case", "figure", "median", "", "from .. to",
             "bound", "ratio");
  for (const Figure& figure : figures_) {
    const auto [least, most] = std::ranges::minmax(figure.values);
    const double middle = median(figure.values);
    fmt::print("{} {:<16} {:<34} {:>9} {:<10} {:>19}   {:<18} {}\n", mark(figure.bound, holds(figure)), figure.name,
               figure.what, text(middle), figure.unit, fmt::format("{} .. {}", text(least), text(most)),
               bound_text(figure.bound), ratio(figure.bound, middle));
  }
  fmt::print("\n{}\n", holds() ? "All bounds hold." : "A BOUND DOES NOT HOLD.");
}

std::string Report::csv() const {
  std::string csv = "case,what,unit,value,relation,bound,ratio,holds\n";
  for (const Figure& figure : figures_) {
    const bool bounded = has_value(figure.bound);
    for (const double value : figure.values)
      csv += fmt::format("{},{},{},{:.6g},{},{},{},{}\n", figure.name, figure.what, figure.unit, value,
                         kRelations[figure.bound.relation], bounded ? fmt::format("{:.6g}", figure.bound.value) : "",
                         ratio(figure.bound, value), bounded ? (keeps(figure.bound, value) ? "yes" : "no") : "");
  }
  return csv;
}

void write_table(const std::filesystem::path& path, std::string_view machine, std::string_view text) {
  std::filesystem::create_directories(path.parent_path());
  AtomicFile file(path);
  file.write(machine);
  file.write(text);
  file.commit();
}

}  // namespace pipeline::bench
