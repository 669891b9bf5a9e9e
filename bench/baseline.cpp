#include "baseline.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <string_view>
#include <utility>

namespace pipeline::bench {
namespace {

constexpr std::string_view kBaselineHeader = "case,what,unit,better,median,least,most";
constexpr std::size_t kColumns = 7;

// The file is this program's own: no figure has a comma or a quote in its name.
std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> cells(1);
  for (const char c : line) {
    if (c == ',')
      cells.emplace_back();
    else
      cells.back() += c;
  }
  return cells;
}

// Reads one file, and knows the line for its errors.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& file) : file_(file), lines_(file) {
    if (!lines_) throw Error(fmt::format("{}: can't be read: {}. --record makes one", file_.string(), reason()));
  }

  Baseline read() {
    Baseline baseline;
    bool header = false;
    for (std::string line; std::getline(lines_, line);) {
      ++number_;
      if (line.empty() || line.starts_with('#')) continue;
      if (header)
        add(baseline, split(line));
      else if (line != kBaselineHeader)
        fail(fmt::format("the first line below the description of the machine has to be `{}`", kBaselineHeader));
      header = true;
    }
    if (baseline.rows.empty()) fail("no figure in it: record it anew with --record");
    return baseline;
  }

 private:
  static std::string reason() { return std::strerror(errno); }

  [[noreturn]] void fail(const std::string& what) const {
    throw Error(fmt::format("{}:{}: {}", file_.string(), number_, what));
  }

  void add(Baseline& baseline, std::vector<std::string> cells) const {
    if (cells.size() != kColumns) fail(fmt::format("{} cells instead of {}", cells.size(), kColumns));
    BaselineRow row;
    row.name = std::move(cells[0]);
    row.what = std::move(cells[1]);
    row.unit = std::move(cells[2]);
    if (cells[3] != "lower" && cells[3] != "higher") fail("`better` is neither lower nor higher: " + cells[3]);
    row.better = cells[3] == "lower" ? Better::lower : Better::higher;
    row.median = number(cells[4]);
    row.least = number(cells[5]);
    row.most = number(cells[6]);
    if (baseline.find(row.name, row.what) != nullptr) fail(fmt::format("{}: {} is there twice", row.name, row.what));
    baseline.rows.push_back(std::move(row));
  }

  // What is compared by ratio is above zero.
  [[nodiscard]] double number(const std::string& text) const {
    const auto value = parse_number<double>(text);
    if (!value || !std::isfinite(*value) || *value <= 0) fail("not a number above zero: " + text);
    return *value;
  }

  const std::filesystem::path file_;
  std::ifstream lines_;
  int number_ = 0;
};

// The figure's median in each run.
std::vector<double> medians_of(const Guarded& figure, std::span<const std::vector<Guarded>> runs) {
  std::vector<double> medians;
  for (const auto& run : runs) {
    const auto found = std::ranges::find_if(
        run, [&figure](const Guarded& other) { return other.name == figure.name && other.what == figure.what; });
    if (found == run.end())
      throw Error(fmt::format("{}: {} was not measured in each run: nothing is recorded", figure.name, figure.what));
    medians.push_back(median(found->values));
  }
  return medians;
}

}  // namespace

const BaselineRow* Baseline::find(std::string_view name, std::string_view what) const {
  const auto found =
      std::ranges::find_if(rows, [&](const BaselineRow& row) { return row.name == name && row.what == what; });
  return found == rows.end() ? nullptr : &*found;
}

Baseline read_baseline(const std::filesystem::path& file) {
  return Reader(file).read();
}

std::string to_csv(const Baseline& baseline) {
  std::string csv(kBaselineHeader);
  csv += '\n';
  for (const BaselineRow& row : baseline.rows)
    csv += fmt::format("{},{},{},{},{:.4g},{:.4g},{:.4g}\n", row.name, row.what, row.unit,
                       row.better == Better::lower ? "lower" : "higher", row.median, row.least, row.most);
  return csv;
}

Baseline baseline_of(std::span<const std::vector<Guarded>> runs) {
  Baseline baseline;
  for (const Guarded& figure : runs.front()) {
    if ((figure.name + figure.what + figure.unit).find(',') != std::string::npos)
      throw Error(fmt::format("{}: {}: a figure of the baseline has no comma in its name", figure.name, figure.what));
    const auto medians = medians_of(figure, runs);
    const auto [least, most] = std::ranges::minmax(medians);
    baseline.rows.push_back({figure.name, figure.what, figure.unit, figure.better, median(medians), least, most});
  }
  return baseline;
}

}  // namespace pipeline::bench
