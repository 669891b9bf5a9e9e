#pragma once

#include "page_history.h"

#include <map>

namespace pipeline::report::page {

// Makes the series of one command's runs. Only the group that is being filled is kept run by run; runs come in the
// order they ended, and one that started in an earlier group is counted with the open one.
class GroupedSeries {
 public:
  explicit GroupedSeries(Unit unit) : unit_(unit) {}
  void add(const metrics::Run& run);
  // The stages, the whole run first.
  [[nodiscard]] std::vector<Series> take(std::string_view command);

 private:
  struct Open {
    Point point;
    std::vector<double> p50s;
  };
  void close();

  Unit unit_;
  WallTime start_{};
  std::vector<Series> series_;
  std::vector<Open> open_;  // beside series_
  std::map<std::pair<std::string, metrics::LabelList>, std::size_t> places_;
};

}  // namespace pipeline::report::page
