#pragma once

#include "pipeline/metrics/record.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// A budget: what a run's measurements have to keep, fixed before a release. docs/budget.md describes the file.
namespace pipeline::metrics {

// p50 to min are a timer's. sum is any metric's, of a counter or gauge its value; count is how often a timer ran.
// ratio: the sum of `metric` to the sum of `to`. rate: the sum of `metric` (of a timer: its count) a second of `to`, a
// timer, which is the whole run when not given.
enum class Statistic { p50, p95, p99, max, min, sum, count, ratio, rate };

// The series of a metric that carry these labels; others may be there beside them.
struct Selector {
  std::string metric;
  LabelList labels;
};

// A number of a run. Where several series match, sums and counts are added up, min and max taken over all, and of a
// quantile the worst series counts: the limit has to hold for each.
struct Measure {
  Selector of;
  Statistic statistic = Statistic::sum;
  std::optional<Selector> to;
};

struct Limit {
  enum class Side { at_most, at_least };
  Side side = Side::at_most;
  double value = 0;
};

struct Condition {
  Measure measure;
  Limit limit;
};

struct Rule {
  std::string set;      // of the file: "plan", "own"
  std::string name;     // for people
  std::string command;  // the runs it is for: sync, upsert, package
  Measure measure;
  Limit limit;
  std::vector<Condition> when;  // the case it holds for: all of them have to hold
};

struct Budget {
  std::vector<Rule> rules;
};

// `sets`: only the rules of these sets; none named: all. Throws UsageError naming the file, the rule and what is wrong:
// no such file, no JSON, a key unknown, missing or twice, an unknown statistic or command, a statistic that the metric
// does not have, a limit that is none or of another unit, no limit or two, a set that is not there. `commands`: whose
// runs rules may be for; none: any.
[[nodiscard]] Budget read_budget(const std::filesystem::path& file, const std::vector<std::string>& sets = {},
                                 const std::vector<std::string>& commands = {});

struct Verdict {
  enum class Outcome {
    kept,
    over,
    not_applicable,  // the case does not hold, or there was nothing to measure: a timer that never ran, a ratio to zero
    missing,         // the run has no such metric: an error, not a pass
  };
  Outcome outcome = Outcome::missing;
  Rule rule;
  std::optional<double> value;  // when there is one
  std::string reason;           // why it does not apply, or what is missing
};

using Verdicts = std::vector<Verdict>;

// A verdict for each rule that is for this command, in the file's order. A value that is not a number keeps no limit.
[[nodiscard]] Verdicts judge(const Budget& budget, std::string_view command, const std::vector<Row>& rows);

[[nodiscard]] std::size_t count(const Verdicts& verdicts, Verdict::Outcome outcome) noexcept;

// In words and units, for people: `detail_fetch_seconds p95`, `api_429_total / api_requests_total`; `612 ms`, `0.4 %`;
// `≤ 500 ms`. The limit tells in what unit its value is best said.
[[nodiscard]] std::string describe(const Measure& measure);
[[nodiscard]] std::string format_measured(const Measure& measure, const Limit& limit, double value);
[[nodiscard]] std::string format_limit(const Measure& measure, const Limit& limit);
[[nodiscard]] std::string_view to_string(Statistic statistic) noexcept;       // p50, ..., ratio, rate
[[nodiscard]] std::string_view to_string(Verdict::Outcome outcome) noexcept;  // kept, over, not_applicable, missing

// One line per rule: a mark, what was measured and the limit; below it why a rule does not apply, or what is missing;
// then how many are kept. Plain text, at most 100 columns.
[[nodiscard]] std::string format_budget(const Verdicts& verdicts);

}  // namespace pipeline::metrics
