#include "upsert_view.h"

#include "pipeline/base/text.h"

#include "summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace pipeline::cli {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kFailuresShown = 20;  // on the terminal; the log and the reject file name all

double rows_per_second(const Session& session, const upsert::Summary& summary) {
  const double seconds = session.seconds();
  return seconds > 0 ? static_cast<double>(summary.rows_read) / seconds : 0;
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
std::string removals_of(const upsert::Summary& summary) {
  return removals_word(summary.held_back ? upsert::removal_text(*summary.held_back) : "", summary.removal_note);
}

}  // namespace

UpsertProgress::UpsertProgress(Session& session) : clock_(session.clock()), line_(clock_, session.shows_progress()) {
  (void)rows_.add(clock_.now(), 0);
  (void)bytes_.add(clock_.now(), 0);
}

void UpsertProgress::update(const upsert::Progress& progress) {
  if (line_.is_due()) line_.show(text(progress));
}

std::string UpsertProgress::text(const upsert::Progress& progress) {
  constexpr double kMegabyte = 1e6;
  const double bytes = static_cast<double>(progress.bytes);
  const double rows_pace = rows_.add(clock_.now(), static_cast<double>(progress.rows));
  const double bytes_pace = bytes_.add(clock_.now(), bytes);
  std::string text = fmt::format("upsert rows {} · {}/s · {:.0f}", count(progress.rows), count(std::llround(rows_pace)),
                                 bytes / kMegabyte);
  if (progress.bytes_total > 0) text += fmt::format("/{:.0f}", static_cast<double>(progress.bytes_total) / kMegabyte);
  text += " MB";
  if (progress.rejected > 0) text += fmt::format(" · rejected {}", count(progress.rejected));
  const double left = static_cast<double>(progress.bytes_total) - bytes;
  if (left > 0 && bytes_pace > 0) text += fmt::format(" · {} left", format_time_left(left / bytes_pace));
  return text;
}

void show_plan(Session& session, const upsert::Plan& plan) {
  session.show_plan(name_of(plan.action), plan.sku, plan.name, plan.changes);
}

ordered_json counts_json(const Session& session, const upsert::Summary& summary) {
  return {{"rows_read", summary.rows_read},
          {"inserted", summary.inserted},
          {"updated", summary.updated},
          {"unchanged", summary.unchanged},
          {"superseded", summary.superseded},
          {"rejected", summary.rejected},
          {"removed", summary.removed},
          {"held_back", summary.held_back ? summary.held_back->found : 0},
          {"enqueued", std::llround(session.total("refresh_queue_enqueue_total"))},
          {"rows_empty", summary.rows_empty},
          {"files_failed", summary.files_failed},
          {"bytes_read", summary.bytes_read}};
}

ordered_json summary_json(const Session& session, const upsert::Summary& summary, const upsert::Options& options) {
  ordered_json json = session.run_head(summary.code);
  json.update(counts_json(session, summary));
  json["rows_per_second"] = std::round(rows_per_second(session, summary));
  json["metrics_csv"] = or_null(session.csv().string());
  json["budget"] = session.budget().json();
  json["stopped"] = or_null(summary.stop_reason);
  json["failures"] = ordered_json::array();
  for (const auto& failure : summary.failures)
    json["failures"].push_back({{"file", failure.file},
                                {"line", failure.line > 0 ? ordered_json(failure.line) : ordered_json(nullptr)},
                                {"error", failure.error}});
  json["unknown_columns"] = ordered_json::array();
  for (const auto& column : summary.unknown_columns)
    json["unknown_columns"].push_back(
        {{"file", column.file}, {"column", column.name}, {"did_you_mean", or_null(column.likely_name)}});
  json["removals"] = options.complete ? ordered_json(removals_of(summary)) : ordered_json(nullptr);
  json["held_back_removals"] = removals_json(summary.held_back);
  json["dry_run"] = options.dry_run;
  if (options.dry_run) json["plan"] = session.plans();
  return json;
}

std::string summary_text(const Session& session, const upsert::Summary& summary, const upsert::Options& options) {
  std::string text =
      fmt::format("upsert {}{} in {}", status_word(summary.code), options.dry_run ? " (dry run, nothing written)" : "",
                  format_duration(session.seconds()));
  if (!summary.stop_reason.empty()) text += ": " + summary.stop_reason;
  text +=
      fmt::format("\n  rows {}: {} inserted, {} updated, {} unchanged, {} rejected", count(summary.rows_read),
                  count(summary.inserted), count(summary.updated), count(summary.unchanged), count(summary.rejected));
  if (summary.superseded > 0) text += fmt::format(", {} followed by a later row of the SKU", count(summary.superseded));
  if (summary.rows_empty > 0) text += fmt::format("; {} empty", count(summary.rows_empty));
  text += fmt::format("\n  {} rows/s; {:.1f} MB read", count(std::llround(rows_per_second(session, summary))),
                      static_cast<double>(summary.bytes_read) / 1e6);
  if (!options.dry_run)
    text += fmt::format("; {} queued for refresh", count(std::llround(session.total("refresh_queue_enqueue_total"))));
  if (options.complete && (summary.held_back || !summary.removal_note.empty()))
    text += "\n  removals " + removals_of(summary);
  else if (options.complete)
    text += fmt::format("\n  {} of {} no longer in the files, {}", count(summary.removed), options.source,
                        options.dry_run ? "to be marked as removed" : "marked as removed");
  if (!summary.failures.empty()) {
    const auto all = summary.rejected + summary.files_failed;
    const auto shown = std::min(summary.failures.size(), kFailuresShown);
    text += fmt::format("\n  {} could not be used:", count(all));
    for (std::size_t i = 0; i < shown; ++i)
      text += fmt::format("\n    {}{}", place_of(summary.failures[i]), summary.failures[i].error);
    if (const auto left = all - static_cast<std::int64_t>(shown); left > 0)
      text += fmt::format("\n    and {} more: see the log, or --reject-file", count(left));
  }
  if (!session.csv().empty()) text += "\n  metrics " + session.csv().string();
  return text + "\n";
}

}  // namespace pipeline::cli
