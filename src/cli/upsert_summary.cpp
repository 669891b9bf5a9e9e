#include "upsert_summary.h"

#include "pipeline/base/text.h"

#include "plan_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace pipeline::cli {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kFailuresShown = 20;  // on the terminal; the log and the reject file name all

ordered_json counts_of(const upsert::Summary& summary, const RunFrame& frame) {
  return {{"rows_read", summary.rows_read},
          {"inserted", summary.inserted},
          {"updated", summary.updated},
          {"unchanged", summary.unchanged},
          {"superseded", summary.superseded},
          {"rejected", summary.rejected},
          {"removed", summary.removed},
          {"held_back", summary.held_back ? summary.held_back->found : 0},
          {"enqueued", std::llround(frame.total("refresh_queue_enqueue_total"))},
          {"rows_empty", summary.rows_empty},
          {"files_failed", summary.files_failed},
          {"bytes_read", summary.bytes_read}};
}

double rows_per_second(const RunFrame& frame, const upsert::Summary& summary) {
  const double seconds = frame.seconds();
  return seconds > 0 ? static_cast<double>(summary.rows_read) / seconds : 0;
}

std::string count(std::int64_t n) {
  return format_count(static_cast<std::uint64_t>(n));
}

std::string place_of(const upsert::Failure& failure) {
  return failure.line > 0 ? fmt::format("{}:{}: ", failure.file, failure.line) : std::string();
}

std::string_view name_of(upsert::Plan::Action action) noexcept {
  switch (action) {
    case upsert::Plan::Action::add:
      return "new";
    case upsert::Plan::Action::change:
      return "changed";
    case upsert::Plan::Action::remove:
      return "removed";
  }
  return "";
}

// Of a run that was to be complete.
std::string removals_word(const upsert::Summary& summary) {
  if (summary.held_back) return "held back: " + upsert::removal_text(*summary.held_back);
  return summary.removal_note.empty() ? "checked" : "not checked: " + summary.removal_note;
}

}  // namespace

std::string counts_json(const upsert::Summary& summary, const RunFrame& frame) {
  return counts_of(summary, frame).dump();
}

std::string summary_json(const RunFrame& frame, const upsert::Summary& summary, const UpsertCommand& command,
                         const std::vector<ordered_json>& plans) {
  ordered_json json = summary_head(frame, summary.code);
  json.update(counts_of(summary, frame));
  json["rows_per_second"] = std::round(rows_per_second(frame, summary));
  json["metrics_csv"] = frame.csv().empty() ? ordered_json(nullptr) : ordered_json(frame.csv().string());
  json["budget"] = frame.budget();
  json["stopped"] = summary.stop_reason.empty() ? ordered_json(nullptr) : ordered_json(summary.stop_reason);
  json["failures"] = ordered_json::array();
  for (const auto& failure : summary.failures)
    json["failures"].push_back({{"file", failure.file},
                                {"line", failure.line > 0 ? ordered_json(failure.line) : ordered_json(nullptr)},
                                {"error", failure.error}});
  json["unknown_columns"] = ordered_json::array();
  for (const auto& column : summary.unknown_columns)
    json["unknown_columns"].push_back(
        {{"file", column.file},
         {"column", column.name},
         {"did_you_mean", column.likely_name.empty() ? ordered_json(nullptr) : ordered_json(column.likely_name)}});
  json["removals"] = command.complete ? ordered_json(removals_word(summary)) : ordered_json(nullptr);
  json["held_back_removals"] = ordered_json::array();
  if (summary.held_back)
    for (const auto& [sku, name] : summary.held_back->examples)
      json["held_back_removals"].push_back({{"sku", sku}, {"name", name}});
  json["dry_run"] = command.dry_run;
  if (command.dry_run) json["plan"] = plans;
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string summary_text(const RunFrame& frame, const upsert::Summary& summary, const UpsertCommand& command) {
  std::string text =
      fmt::format("upsert {}{} in {}", status_word(summary.code), command.dry_run ? " (dry run, nothing written)" : "",
                  format_duration(frame.seconds()));
  if (!summary.stop_reason.empty()) text += ": " + summary.stop_reason;
  text +=
      fmt::format("\n  rows {}: {} inserted, {} updated, {} unchanged, {} rejected", count(summary.rows_read),
                  count(summary.inserted), count(summary.updated), count(summary.unchanged), count(summary.rejected));
  if (summary.superseded > 0) text += fmt::format(", {} followed by a later row of the SKU", count(summary.superseded));
  if (summary.rows_empty > 0) text += fmt::format("; {} empty", count(summary.rows_empty));
  text += fmt::format("\n  {} rows/s; {:.1f} MB read", count(std::llround(rows_per_second(frame, summary))),
                      static_cast<double>(summary.bytes_read) / 1e6);
  if (!command.dry_run)
    text += fmt::format("; {} queued for refresh", count(std::llround(frame.total("refresh_queue_enqueue_total"))));
  if (command.complete && (summary.held_back || !summary.removal_note.empty()))
    text += "\n  removals " + removals_word(summary);
  else if (command.complete)
    text += fmt::format("\n  {} of {} no longer in the files, {}", count(summary.removed), command.source,
                        command.dry_run ? "to be marked as removed" : "marked as removed");
  if (!summary.failures.empty()) {
    const auto all = summary.rejected + summary.files_failed;
    const auto shown = std::min(summary.failures.size(), kFailuresShown);
    text += fmt::format("\n  {} could not be used:", count(all));
    for (std::size_t i = 0; i < shown; ++i)
      text += fmt::format("\n    {}{}", place_of(summary.failures[i]), summary.failures[i].error);
    if (const auto left = all - static_cast<std::int64_t>(shown); left > 0)
      text += fmt::format("\n    and {} more: see the log, or --reject-file", count(left));
  }
  if (!frame.csv().empty()) text += "\n  metrics " + frame.csv().string();
  return text + "\n";
}

std::string plan_text(const upsert::Plan& plan) {
  return plan_text(name_of(plan.action), plan.sku, plan.name, plan.changes);
}

ordered_json plan_json(const upsert::Plan& plan) {
  return plan_json(name_of(plan.action), plan.sku, plan.name, plan.changes);
}

}  // namespace pipeline::cli
