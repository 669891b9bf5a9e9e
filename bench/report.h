#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::bench {

enum class Better { lower, higher };

// What a figure has to keep. What is counted has to be exact each time; what is measured is judged by its median.
struct Bound {
  enum class Relation { none, exactly, at_most, at_least, near_baseline };
  Relation relation = Relation::none;
  double value = 0;
  Better better = Better::lower;  // than the baseline
};
[[nodiscard]] constexpr Bound exactly(double value) {
  return {Bound::Relation::exactly, value};
}
[[nodiscard]] constexpr Bound at_most(double value) {
  return {Bound::Relation::at_most, value};
}
[[nodiscard]] constexpr Bound at_least(double value) {
  return {Bound::Relation::at_least, value};
}
// verdict.h judges it.
[[nodiscard]] constexpr Bound near_baseline(Better better = Better::lower) {
  return {Bound::Relation::near_baseline, 0, better};
}

// A figure that is compared with the baseline, with the values of all rounds. At least one.
struct Guarded {
  std::string name;
  std::string what;
  std::string unit;
  Better better = Better::lower;
  std::vector<double> values;
};

// The figures of all cases: each is printed as it comes, kept raw for the CSV, and judged at the end.
class Report {
 public:
  void add(std::string_view name, std::string_view what, double value, std::string_view unit, Bound bound = {});

  // One line per figure: median, spread, bound, ratio, and whether it holds.
  void print_verdicts() const;
  [[nodiscard]] bool holds() const;
  [[nodiscard]] std::vector<Guarded> guarded() const;
  // name,what,unit,value,relation,bound,ratio,holds: one row per value, in the order they came.
  [[nodiscard]] std::string csv() const;

 private:
  struct Figure {
    std::string name;
    std::string what;
    std::string unit;
    Bound bound;
    std::vector<double> values;
  };
  [[nodiscard]] static bool holds(const Figure& figure);
  Figure& find(std::string_view name, std::string_view what, std::string_view unit, Bound bound);

  std::vector<Figure> figures_;
};

[[nodiscard]] double median(std::vector<double> values);  // nearest rank; not of nothing
template <typename Measured>
[[nodiscard]] double median_of(const std::vector<Measured>& runs, double Measured::*value) {
  std::vector<double> values;
  for (const Measured& run : runs) values.push_back(run.*value);
  return median(std::move(values));
}

[[nodiscard]] constexpr std::string_view yes_or_no(bool holds) noexcept {
  return holds ? "yes" : "no";
}
[[nodiscard]] constexpr std::string_view on_or_off(bool on) noexcept {
  return on ? "on" : "off";
}

// The file, `text` below the description of the machine.
void write_table(const std::filesystem::path& path, std::string_view machine, std::string_view text);

}  // namespace pipeline::bench
