#pragma once

#include "pipeline/base/clock.h"

#include "language.h"

#include <deque>
#include <string>

namespace pipeline::cli {

// Shows how a run gets on, on standard error: one line that is rewritten on a terminal, in the operator's language,
// else a log line every ten seconds. Log lines and the progress line make room for each other. One call at a time.
class ProgressLine {
 public:
  // Borrows the clock and the language.
  ProgressLine(const Clock& clock, const Language& language, bool shown);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // Whether it is time for another line; with `news` (a new phase, say) at once.
  [[nodiscard]] bool is_due(bool news = false);
  void show(const std::string& line);
  [[nodiscard]] bool is_terminal() const noexcept { return terminal_; }

 private:
  const Clock& clock_;
  const Language& language_;
  const bool shown_;
  const bool terminal_;
  SteadyTime next_;
};

// What is done a second, over the last ten: what the time left is reckoned by.
class Pace {
 public:
  // `done` so far. Returns the pace, 0 while it is unknown.
  double add(SteadyTime now, double done);

 private:
  struct Point {
    SteadyTime at;
    double done;
  };
  std::deque<Point> recent_;
};

}  // namespace pipeline::cli
