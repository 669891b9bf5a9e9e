#include "sync_progress.h"

#include "pipeline/base/text.h"

#include <fmt/format.h>

#include <string_view>

namespace pipeline::cli {
namespace {

std::string_view name_of(sync::Phase phase) noexcept {
  switch (phase) {
    case sync::Phase::token:
      return "token";
    case sync::Phase::list:
      return "list";
    case sync::Phase::details:
      return "details";
    case sync::Phase::checks:
      return "checks";
    case sync::Phase::removals:
      return "removals";
    case sync::Phase::done:
      return "done";
  }
  return "";
}

}  // namespace

SyncProgress::SyncProgress(const Clock& clock, metrics::Metrics& metrics, bool shown)
    : clock_(clock),
      line_(clock, shown),
      throttled_list_(metrics.counter("api_429_total", {{"endpoint", "list"}})),
      throttled_detail_(metrics.counter("api_429_total", {{"endpoint", "detail"}})) {}

void SyncProgress::update(const sync::Progress& progress) {
  // The log has a line of an outage already, when there is no terminal.
  if (progress.phase == sync::Phase::done || (progress.outage && !line_.is_terminal())) return;
  if (!line_.is_due(progress.phase != phase_)) return;
  phase_ = progress.phase;
  line_.show(text(progress));
}

std::string SyncProgress::text(const sync::Progress& progress) {
  const auto count = [](std::int64_t n) { return format_count(static_cast<std::uint64_t>(n)); };
  std::string text = fmt::format("sync {:<8}", name_of(progress.phase));
  if (progress.outage) return text + " " + waiting_text(*progress.outage);
  if (progress.phase == sync::Phase::token) return text;
  text += fmt::format(" listed {}", count(progress.listed));
  if (progress.phase == sync::Phase::list && progress.list_total > 0) text += "/" + count(progress.list_total);
  text += fmt::format(" · details {}/{}", count(progress.details_done), count(progress.details_total));
  const double per_second = pace_.add(clock_.now(), static_cast<double>(progress.details_done));
  text += fmt::format(" · {:.1f}/s · 429s {}", per_second, throttled_list_.value() + throttled_detail_.value());
  if (progress.failed > 0) text += fmt::format(" · failed {}", count(progress.failed));
  const auto left = progress.details_total - progress.details_done;
  if (left > 0 && per_second > 0)
    text += fmt::format(" · {} left", format_time_left(static_cast<double>(left) / per_second));
  return text;
}

// What matters most comes first: a narrow terminal cuts the end.
std::string SyncProgress::waiting_text(const http::Outage& outage) const {
  const auto now = clock_.now();
  const std::string next = outage.next_try == SteadyTime::max() || outage.next_try <= now
                               ? "asking again now"
                               : fmt::format("next try in {:.0f} s", std::ceil(to_seconds(outage.next_try - now)));
  return fmt::format("waiting for the server, {}: {}: {}", next, outage.endpoint, outage.reason);
}

}  // namespace pipeline::cli
