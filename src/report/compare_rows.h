#pragma once

#include "pipeline/report/compare.h"

#include <string>
#include <vector>

// What a comparison is made of, before anything is judged.
namespace pipeline::report {

// The rows of one stage, one of each run it ran in.
struct StageRows {
  std::string metric;
  metrics::LabelList labels;
  std::vector<const metrics::Row*> base, fresh;

  [[nodiscard]] std::vector<const metrics::Row*> all() const;
};

// The runs of one command on both sides.
struct Sides {
  std::string command;
  std::vector<metrics::Run> base, fresh;
  std::vector<std::string> left_out;  // ids of those that did not get through
  std::string work;                   // Section::work
  bool unlike = false;                // too different in work for the whole run to be compared
};

// The runs of both sides that got through, command by command, by name. Throws as compare() does.
[[nodiscard]] std::vector<Sides> by_command(const RunGroup& base, const RunGroup& fresh);

// The stages that ran, in the order of the reports.
[[nodiscard]] std::vector<StageRows> stages_of(const Sides& sides);

// Which statistics are judged. Nothing here depends on which run stands on which side, or the test would not keep its
// promise: all is taken over the runs of both.
class Admission {
 public:
  Admission(const Sides& sides, const std::vector<StageRows>& stages, double min_share);

  // Why the statistic (its place in kStatistics) is not judged; empty when it is.
  [[nodiscard]] std::string refusal(const StageRows& stage, std::size_t statistic) const;

 private:
  [[nodiscard]] double least_samples(std::size_t statistic) const;

  std::string total_;
  std::string unlike_;  // why the whole run is not judged; empty when it may be
  bool groups_;         // several runs a side
  double min_share_;
  double seconds_ = 0;  // of all runs together
};

}  // namespace pipeline::report
