#pragma once

#include "pipeline/base/clock.h"

#include <string>
#include <vector>

// What charts are drawn with.
namespace pipeline::report::page {

// Where a time span of seconds stands on an axis, from 0 at its low end to 1.
struct Scale {
  bool logarithmic = false;
  double low = 0, high = 1;
  std::vector<double> ticks;
  [[nodiscard]] double at(double value) const;
};

// From zero on; logarithmic when the most is over twenty times the least, as after a single bad night. 0 < least <=
// most.
[[nodiscard]] Scale value_scale(double least, double most);

// Round values from zero on, some `intervals` of them up to `most` > 0.
[[nodiscard]] std::vector<double> even_values(double most, int intervals);

struct TimeTick {
  WallTime at;
  std::string label;  // KST: 16:36:10, 16:36, 11-23 or 2026-11, as the span asks for
};
// At most `most` ticks at round times; one, at `first`, when there is no span.
[[nodiscard]] std::vector<TimeTick> time_ticks(WallTime first, WallTime last, int most);

// The `d` of a path, to a tenth of a unit.
class Path {
 public:
  void move(double x, double y) { add('M', x, y); }
  void line(double x, double y) { add('L', x, y); }
  void close() { text_ += 'Z'; }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  void add(char step, double x, double y);
  std::string text_;
};

// A coordinate as short as it can be: 12, 12.5.
[[nodiscard]] std::string coordinate(double value);

}  // namespace pipeline::report::page
