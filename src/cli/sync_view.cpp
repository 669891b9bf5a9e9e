#include "sync_view.h"

#include "pipeline/base/text.h"

#include "summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace pipeline::cli {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kFailuresShown = 20;  // on the terminal; the JSON summary and the log name all

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

std::string_view name_of(sync::Plan::Action action) noexcept {
  switch (action) {
    case sync::Plan::Action::fetch_new:
      return "new";
    case sync::Plan::Action::fetch_changed:
      return "changed";
    case sync::Plan::Action::fetch_full:
      return "full";
    case sync::Plan::Action::remove:
      return "removed";
  }
  return "";
}

// How the run ended, to stand before its time.
std::string_view ending(ExitCode code) noexcept {
  switch (code) {
    case ExitCode::ok:
      return "ok in";
    case ExitCode::partial:
      return "done in part in";
    case ExitCode::over_budget:
      return "done, but over budget, in";
    case ExitCode::try_later:
      return "put off after";
    case ExitCode::interrupted:
    case ExitCode::terminated:
      return "interrupted after";
    default:
      return "failed after";
  }
}

std::string removals_of(const sync::Summary& summary) {
  return removals_word(summary.held_back ? sync::removal_text(*summary.held_back) : "", summary.removal_note);
}

}  // namespace

SyncProgress::SyncProgress(Session& session)
    : clock_(session.clock()),
      line_(clock_, session.shows_progress()),
      throttled_list_(session.metrics().counter("api_429_total", {{"endpoint", "list"}})),
      throttled_detail_(session.metrics().counter("api_429_total", {{"endpoint", "detail"}})) {}

void SyncProgress::update(const sync::Progress& progress) {
  // The log has a line of an outage already, when there is no terminal.
  if (progress.phase == sync::Phase::done || (progress.outage && !line_.is_terminal())) return;
  if (!line_.is_due(progress.phase != phase_)) return;
  phase_ = progress.phase;
  line_.show(text(progress));
}

std::string SyncProgress::text(const sync::Progress& progress) {
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

void show_plan(Session& session, const sync::Plan& plan) {
  session.show_plan(name_of(plan.action), plan.sku, plan.name, plan.changes);
}

ordered_json counts_json(const sync::Summary& summary) {
  return {{"listed", summary.listed},       {"new", summary.fresh},
          {"changed", summary.changed},     {"unchanged", summary.unchanged},
          {"removed", summary.removed},     {"held_back", summary.held_back ? summary.held_back->found : 0},
          {"checked", summary.checked},     {"detail_fetched", summary.detail_fetched},
          {"written", summary.written},     {"enqueued", summary.enqueued},
          {"gone", summary.gone},           {"unreached", summary.unreached},
          {"postponed", summary.postponed}, {"failed", summary.failures.size()}};
}

ordered_json summary_json(const Session& session, const sync::Summary& summary) {
  const auto whole = [&](const char* metric) { return std::llround(session.total(metric)); };
  ordered_json json = session.run_head(summary.code);
  json.update(counts_json(summary));
  json["api_requests"] = whole("api_requests_total");
  json["api_429"] = whole("api_429_total");
  json["retries"] = whole("retry_total");
  json["metrics_csv"] = or_null(session.csv().string());
  json["store"] = or_null(summary.store_note);
  json["removals"] = removals_of(summary);
  json["held_back_removals"] = removals_json(summary.held_back);
  json["budget"] = session.budget().json();
  json["stopped"] = or_null(summary.stop_reason);
  json["failures"] = ordered_json::array();
  for (const auto& failure : summary.failures)
    json["failures"].push_back(
        {{"sku", failure.sku}, {"stage", failure.stage}, {"error", failure.error}, {"trace", failure.trace}});
  json["dry_run"] = session.common().dry_run;
  if (session.common().dry_run) json["plan"] = session.plans();
  return json;
}

std::string summary_text(const Session& session, const sync::Summary& summary) {
  const bool dry_run = session.common().dry_run;
  std::string text = fmt::format("sync {}{} {}", dry_run ? "(dry run, nothing written) " : "", ending(summary.code),
                                 format_duration(session.seconds()));
  if (!summary.stop_reason.empty()) text += ": " + summary.stop_reason;
  text += fmt::format("\n  listed {}: {} new, {} changed, {} unchanged; {} removed", count(summary.listed),
                      count(summary.fresh), count(summary.changed), count(summary.unchanged), count(summary.removed));
  if (!summary.removal_note.empty()) text += fmt::format(" (not looked for: {})", summary.removal_note);
  if (summary.held_back) text += "\n  removals held back: " + sync::removal_text(*summary.held_back);
  if (dry_run) {
    text += fmt::format("\n  would fetch {} details, {} of them only for their age\n",
                        count(summary.fresh + summary.changed + summary.checked), count(summary.checked));
    return text;
  }
  text += fmt::format("\n  details {} fetched, {} of them for their age; {} products written, {} queued for refresh",
                      count(summary.detail_fetched), count(summary.checked - summary.postponed), count(summary.written),
                      count(summary.enqueued));
  text += fmt::format("\n  requests {}, 429s {}, retries {}", count(std::llround(session.total("api_requests_total"))),
                      count(std::llround(session.total("api_429_total"))),
                      count(std::llround(session.total("retry_total"))));
  if (summary.gone > 0) text += fmt::format("\n  {} products went away while they were listed", count(summary.gone));
  if (summary.unreached + summary.postponed > 0)
    text += fmt::format("\n  {} changed and {} old details were not reached: the next run goes on with them",
                        count(summary.unreached), count(summary.postponed));
  if (!summary.failures.empty()) {
    text += fmt::format("\n  {} failed:", count(static_cast<std::int64_t>(summary.failures.size())));
    for (std::size_t i = 0; i < std::min(summary.failures.size(), kFailuresShown); ++i)
      text +=
          fmt::format("\n    {} {}: {}", summary.failures[i].stage, summary.failures[i].sku, summary.failures[i].error);
    if (summary.failures.size() > kFailuresShown)
      text += fmt::format("\n    and {} more: see --json or the log", summary.failures.size() - kFailuresShown);
  }
  if (!session.csv().empty()) text += "\n  metrics " + session.csv().string();
  return text + "\n";
}

}  // namespace pipeline::cli
