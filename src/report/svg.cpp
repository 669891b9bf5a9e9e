#include "svg.h"

#include "page_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

namespace pipeline::report::page {
namespace {

using std::chrono::days;
using std::chrono::seconds;

constexpr double kLogarithmic = 20;  // times: from there on a bad night presses all others flat

double linear_step(double most, int intervals) {
  const double rough = most / intervals;
  constexpr std::array kClock{60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 10800.0, 21600.0, 43200.0};
  if (rough > 30) {
    const auto found = std::ranges::lower_bound(kClock, rough);
    return found != kClock.end() ? *found : 86400 * std::ceil(rough / 86400);
  }
  const double decade = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (rough <= factor * decade * 1.0001) return factor * decade;
  return 10 * decade;
}

Scale linear_scale(double most) {
  Scale scale{.ticks = even_values(most, 3)};
  scale.high = scale.ticks.back();
  return scale;
}

Scale log_scale(double least, double most) {
  constexpr std::array kMarks{1e-9, 1e-8, 1e-7, 1e-6, 1e-5,  1e-4,   1e-3,    1e-2,
                              1e-1, 1.0,  10.0, 60.0, 600.0, 3600.0, 36000.0, 360000.0};
  auto low = std::ranges::upper_bound(kMarks, least);
  if (low != kMarks.begin()) --low;
  auto high = std::ranges::lower_bound(kMarks, most);
  if (high == kMarks.end()) --high;
  Scale scale{true, *low, std::max(*high, most), {}};
  const auto skip = (high - low) / 5 + 1;
  for (auto mark = low; mark <= high; mark += skip) {
    scale.ticks.push_back(*mark);
    if (high - mark < skip) break;
  }
  return scale;
}

// The months' begins, every `every` of them.
std::vector<TimeTick> month_ticks(WallTime first, WallTime last, int every) {
  std::vector<TimeTick> ticks;
  using namespace std::chrono;
  const year_month_day from(floor<days>(first + kKst));
  for (year_month month = from.year() / std::chrono::January;; month += months(every)) {
    const WallTime at = WallTime(sys_days(month / 1)) - kKst;
    if (at > last) return ticks;
    if (at >= first) ticks.push_back({at, moment(at).substr(0, 7)});
  }
}

std::vector<TimeTick> even_ticks(WallTime first, WallTime last, seconds step) {
  std::vector<TimeTick> ticks;
  const auto since = (first + kKst).time_since_epoch();
  const auto rest = since % step;
  const auto before = rest.count() == 0 ? since : since - rest + step;
  for (WallTime at = WallTime(before) - kKst; at <= last; at += step) {
    const auto label = step >= days(1)                   ? moment(at).substr(5, 5)
                       : step >= std::chrono::minutes(1) ? moment(at).substr(11)
                                                         : to_second(at).substr(11);
    ticks.push_back({at, label});
  }
  return ticks;
}

}  // namespace

double Scale::at(double value) const {
  const double share = logarithmic ? (std::log(std::max(value, low)) - std::log(low)) / (std::log(high) - std::log(low))
                                   : (value - low) / (high - low);
  return std::clamp(share, 0.0, 1.0);
}

std::vector<double> even_values(double most, int intervals) {
  const double step = linear_step(most, intervals);
  const double n = std::max(1.0, std::ceil(most / step - 1e-9));
  std::vector<double> values;
  for (int i = 0; i <= static_cast<int>(n); ++i) values.push_back(i * step);
  return values;
}

Scale value_scale(double least, double most) {
  return most > kLogarithmic * least ? log_scale(least, most) : linear_scale(most);
}

std::vector<TimeTick> time_ticks(WallTime first, WallTime last, int most) {
  if (last <= first) return {{first, moment(first).substr(5)}};
  constexpr std::array<int, 19> kSteps{1,   2,    5,    10,    15,    30,    60,    120,    300,   600,
                                       900, 1800, 3600, 10800, 21600, 43200, 86400, 172800, 604800};
  const double span = static_cast<double>((last - first).count()) / 1e3;
  for (const int step : kSteps) {
    if (span / step > most) continue;
    const auto ticks = even_ticks(first, last, seconds(step));
    if (!ticks.empty() && static_cast<int>(ticks.size()) <= most) return ticks;
  }
  if (span / 86400 < 14 * most) return even_ticks(first, last, days(14));
  for (const int every : {1, 2, 3, 4, 6}) {
    const auto ticks = month_ticks(first, last, every);
    if (static_cast<int>(ticks.size()) <= most) return ticks;
  }
  const int years = static_cast<int>(span / (366.0 * 86400) / most) + 1;
  return month_ticks(first, last, 12 * years);
}

void Path::add(char step, double x, double y) {
  text_ += step;
  text_ += coordinate(x);
  const auto second = coordinate(y);
  if (!second.starts_with('-')) text_ += ' ';
  text_ += second;
}

std::string coordinate(double value) {
  const double tenths = std::round(value * 10);
  if (tenths == 0) return "0";
  return std::fmod(tenths, 10) == 0 ? fmt::format("{:.0f}", tenths / 10) : fmt::format("{:.1f}", tenths / 10);
}

}  // namespace pipeline::report::page
