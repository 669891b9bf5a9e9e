#include "page_samples.h"

#include "pipeline/base/error.h"
#include "pipeline/base/file.h"
#include "pipeline/metrics/run_files.h"

#include "page_history.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <tuple>
#include <utility>

namespace pipeline::report::page {
namespace {

using Fault = std::function<void(const std::string&)>;

// Slots of equal width. A sample adds to each slot the share of it that it covers: whole slots as a step up and a step
// down, so that a sample costs the same however long it took.
class Slots {
 public:
  Slots(double width, std::size_t n) : width_(width), parts_(n), steps_(n + 1) {}

  void add(double from, double seconds) {
    const double end = std::min((from + seconds) / width_, static_cast<double>(parts_.size()));
    const double begin = std::clamp(from / width_, 0.0, end);
    const auto first = std::min(static_cast<std::size_t>(begin), parts_.size() - 1);
    const auto last = std::min(static_cast<std::size_t>(end), parts_.size() - 1);
    if (first == last) {
      parts_[first] += end - begin;
      return;
    }
    parts_[first] += static_cast<double>(first + 1) - begin;
    steps_[first + 1] += 1;
    steps_[last] -= 1;
    parts_[last] += end - static_cast<double>(last);
  }

  [[nodiscard]] std::vector<double> values() const {
    std::vector<double> values = parts_;
    double level = 0;
    for (std::size_t i = 0; i < values.size(); ++i) values[i] += level += steps_[i];
    return values;
  }

 private:
  double width_;
  std::vector<double> parts_;
  std::vector<double> steps_;
};

struct Stage {
  Lane lane;
  Slots slots;
  std::vector<Slow> top;
};

// Equal times are ordered by name, so that the order of the file, which is none, does not show.
bool is_slower(const Slow& a, const Slow& b) {
  return std::tie(b.seconds, a.sku, a.content_id) < std::tie(a.seconds, b.sku, b.content_id);
}

void keep_slowest(std::vector<Slow>& top, const metrics::Sample& sample) {
  if (sample.sku.empty() && sample.content_id.empty()) return;
  if (top.size() == kSlowest && sample.seconds < top.back().seconds) return;
  Slow slow{std::string(sample.content_id), std::string(sample.sku), sample.seconds};
  top.insert(std::ranges::upper_bound(top, slow, is_slower), std::move(slow));
  if (top.size() > kSlowest) top.pop_back();
}

// Where the run's time line begins and ends. False: there is no sample.
bool find_extent(const std::filesystem::path& file, RunSamples& samples, const Fault& fault) {
  auto first = WallTime::max();
  double last = 0;  // seconds since the epoch would lose microseconds: since the first sample read
  WallTime origin{};
  const auto widen = [&](const metrics::Sample& sample) {
    if (first == WallTime::max()) origin = sample.started_at;
    first = std::min(first, sample.started_at);
    last = std::max(last, to_seconds(sample.started_at - origin) + sample.seconds);
  };
  metrics::for_each_sample(file, widen, fault);
  if (first == WallTime::max()) return false;
  samples.begin = first;
  samples.seconds = std::max(last + to_seconds(origin - first), kLeastSlot);
  return true;
}

void read_samples(const std::filesystem::path& file, const std::string& whole, RunSamples& samples,
                  const Fault& fault) {
  if (!find_extent(file, samples, fault)) return;
  const auto n = std::clamp(static_cast<std::int64_t>(samples.seconds / kLeastSlot), std::int64_t{1}, kMostSlots);
  samples.slot = samples.seconds / static_cast<double>(n);
  std::map<std::string, Stage, std::less<>> stages;
  const auto add = [&](const metrics::Sample& sample) {
    if (sample.metric == whole) return;
    auto found = stages.find(sample.metric);
    if (found == stages.end())
      found = stages
                  .emplace(sample.metric,
                           Stage{{.metric = std::string(sample.metric), .first = samples.seconds, .at_once = {}},
                                 Slots(samples.slot, static_cast<std::size_t>(n)),
                                 {}})
                  .first;
    auto& [lane, slots, top] = found->second;
    const double from = to_seconds(sample.started_at - samples.begin);
    lane.count += 1;
    lane.seconds += sample.seconds;
    lane.first = std::min(lane.first, from);
    lane.last = std::max(lane.last, from + sample.seconds);
    slots.add(from, sample.seconds);
    keep_slowest(top, sample);
  };
  metrics::for_each_sample(file, add, [](const std::string&) {});
  for (auto& [metric, stage] : stages) {
    stage.lane.at_once = stage.slots.values();
    if (!stage.top.empty())
      samples.slow.push_back({metric, stage.lane.count, stage.lane.seconds, std::move(stage.top)});
    samples.lanes.push_back(std::move(stage.lane));
  }
  std::ranges::stable_sort(samples.lanes, {}, &Lane::first);
  std::ranges::stable_sort(samples.slow, std::greater<>(), &SlowStage::seconds);
}

}  // namespace

RunSamples gather_samples(const std::filesystem::path& file, const std::string& whole, const Fault& warn) {
  RunSamples samples;
  try {
    if (!is_there(file)) return samples;
    read_samples(file, whole, samples, [&](const std::string& what) {
      if (++samples.damaged <= kToldFaults && warn) warn(what);
    });
    samples.state = samples.lanes.empty() ? RunSamples::State::absent : RunSamples::State::read;
  } catch (const Error& e) {  // the rest of the page is worth having
    if (warn) warn(e.what());
    samples.state = RunSamples::State::unreadable;
    samples.trouble = e.what();
  }
  return samples;
}

}  // namespace pipeline::report::page
