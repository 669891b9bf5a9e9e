#include "sync_summary.h"

#include "pipeline/base/text.h"

#include "plan_view.h"

#include <fmt/format.h>

#include <cmath>

namespace pipeline::cli {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kFailuresShown = 20;  // on the terminal; the JSON summary and the log name all

ordered_json counts_of(const sync::Summary& summary) {
  return {{"listed", summary.listed},       {"new", summary.fresh},
          {"changed", summary.changed},     {"unchanged", summary.unchanged},
          {"removed", summary.removed},     {"held_back", summary.held_back ? summary.held_back->found : 0},
          {"checked", summary.checked},     {"detail_fetched", summary.detail_fetched},
          {"written", summary.written},     {"enqueued", summary.enqueued},
          {"gone", summary.gone},           {"unreached", summary.unreached},
          {"postponed", summary.postponed}, {"failed", summary.failures.size()}};
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

std::string count(std::int64_t n) {
  return format_count(static_cast<std::uint64_t>(n));
}

std::string removals_word(const sync::Summary& summary) {
  if (summary.held_back) return "held back: " + sync::removal_text(*summary.held_back);
  return summary.removal_note.empty() ? "checked" : "not checked: " + summary.removal_note;
}

}  // namespace

std::string counts_json(const sync::Summary& summary) {
  return counts_of(summary).dump();
}

std::string summary_json(const RunFrame& frame, const sync::Summary& summary, bool dry_run,
                         const std::vector<ordered_json>& plans) {
  const auto whole = [&](const char* metric) { return std::llround(frame.total(metric)); };
  ordered_json json = summary_head(frame, summary.code);
  json.update(counts_of(summary));
  json["api_requests"] = whole("api_requests_total");
  json["api_429"] = whole("api_429_total");
  json["retries"] = whole("retry_total");
  json["metrics_csv"] = frame.csv().empty() ? ordered_json(nullptr) : ordered_json(frame.csv().string());
  json["store"] = summary.store_note.empty() ? ordered_json(nullptr) : ordered_json(summary.store_note);
  json["removals"] = removals_word(summary);
  json["held_back_removals"] = ordered_json::array();
  if (summary.held_back)
    for (const auto& [sku, name] : summary.held_back->examples)
      json["held_back_removals"].push_back({{"sku", sku}, {"name", name}});
  json["budget"] = frame.budget();
  json["stopped"] = summary.stop_reason.empty() ? ordered_json(nullptr) : ordered_json(summary.stop_reason);
  json["failures"] = ordered_json::array();
  for (const auto& failure : summary.failures)
    json["failures"].push_back(
        {{"sku", failure.sku}, {"stage", failure.stage}, {"error", failure.error}, {"trace", failure.trace}});
  json["dry_run"] = dry_run;
  if (dry_run) json["plan"] = plans;
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string summary_text(const RunFrame& frame, const sync::Summary& summary, bool dry_run) {
  std::string text = fmt::format("sync {}{} {}", dry_run ? "(dry run, nothing written) " : "", ending(summary.code),
                                 format_duration(frame.seconds()));
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
  text +=
      fmt::format("\n  requests {}, 429s {}, retries {}", count(std::llround(frame.total("api_requests_total"))),
                  count(std::llround(frame.total("api_429_total"))), count(std::llround(frame.total("retry_total"))));
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
  if (!frame.csv().empty()) text += "\n  metrics " + frame.csv().string();
  return text + "\n";
}

std::string plan_text(const sync::Plan& plan) {
  return plan_text(name_of(plan.action), plan.sku, plan.name, plan.changes);
}

ordered_json plan_json(const sync::Plan& plan) {
  return plan_json(name_of(plan.action), plan.sku, plan.name, plan.changes);
}

}  // namespace pipeline::cli
