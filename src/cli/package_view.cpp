#include "package_view.h"

#include "pipeline/base/text.h"

#include "summary.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <vector>

namespace pipeline::cli {
namespace {

using nlohmann::ordered_json;
using package::Status;

constexpr std::size_t kPostsShown = 50;  // on the terminal; --json and the log tell of all
constexpr std::size_t kNameColumns = 32;

ordered_json queue_of(const package::QueueCounts& queue) {
  return {{"claimed", queue.claimed}, {"done", queue.done},         {"without_post", queue.without_post},
          {"failed", queue.failed},   {"returned", queue.returned}, {"refused", queue.refused}};
}

ordered_json json_of(const package::Result& result) {
  return {{"content_id", result.content_id},
          {"sku", fmt::format("{}", fmt::join(result.skus, ","))},
          {"status", to_string(result.status)},
          {"folder", result.folder},
          {"naver_zip", or_null(result.naver_zip.string())},
          {"unique_zip", or_null(result.unique_zip.string())},
          {"reasons", result.reasons},
          {"notes", result.notes},
          {"images", result.images},
          {"keyframes", result.keyframes},
          {"bytes", result.bytes},
          {"seconds", result.seconds}};
}

bool went_wrong(const package::Result& result) noexcept {
  return result.status == Status::rejected || result.status == Status::failed;
}

// Those that went wrong are shown before any other.
std::vector<const package::Result*> worth_showing(const package::Summary& summary) {
  std::vector<const package::Result*> shown;
  for (const bool wrong : {true, false})
    for (const auto& result : summary.packages)
      if (result.status != Status::unchanged && went_wrong(result) == wrong) shown.push_back(&result);
  return shown;
}

std::string megabytes(std::uint64_t bytes) {
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

std::string posts_table(const std::vector<const package::Result*>& results) {
  std::vector<std::vector<std::string>> lines{{"post", "status", "images", "keyframes", "size", "time"}};
  for (const auto* result : results)
    lines.push_back({shorten(result->content_id, kNameColumns), std::string(to_string(result->status)),
                     std::to_string(result->images), std::to_string(result->keyframes),
                     result->bytes > 0 ? megabytes(result->bytes) : "", format_duration(result->seconds)});
  return align_columns(lines, "llrrrr");
}

std::string queue_line(const package::QueueCounts& queue) {
  std::string line = fmt::format("\n  queue {}: {} done", queue.claimed, queue.done);
  if (queue.without_post > 0) line += fmt::format(" ({} of them without a post)", queue.without_post);
  line += fmt::format(", {} failed", queue.failed);
  if (queue.returned > 0) line += fmt::format(", {} put back", queue.returned);
  if (queue.refused > 0) line += fmt::format(", {} refused", queue.refused);
  return line;
}

}  // namespace

PackageProgress::PackageProgress(Session& session) : clock_(session.clock()), line_(clock_, session.shows_progress()) {
  (void)posts_.add(clock_.now(), 0);
}

void PackageProgress::update(const package::Progress& progress) {
  if (line_.is_due()) line_.show(text(progress));
}

std::string PackageProgress::text(const package::Progress& progress) {
  const double pace = posts_.add(clock_.now(), static_cast<double>(progress.posts));
  std::string text = fmt::format("package posts {}/{} · {:.1f}/s", format_count(progress.posts),
                                 format_count(progress.posts_total), pace);
  if (progress.not_built > 0) text += fmt::format(" · not built {}", format_count(progress.not_built));
  const auto left = static_cast<double>(progress.posts_total - progress.posts);
  if (left > 0 && pace > 0) text += fmt::format(" · {} left", format_time_left(left / pace));
  return text;
}

ordered_json counts_json(const package::Summary& summary) {
  return {{"posts", summary.packages.size()},
          {"built", summary.count(Status::built)},
          {"unchanged", summary.count(Status::unchanged)},
          {"rejected", summary.count(Status::rejected)},
          {"failed", summary.count(Status::failed)}};
}

ordered_json summary_json(const Session& session, const package::Summary& summary, bool from_queue) {
  ordered_json json = session.run_head(summary.code);
  json.update(counts_json(summary));
  if (from_queue) json["queue"] = queue_of(summary.queue);
  json["metrics_csv"] = or_null(session.csv().string());
  json["budget"] = session.budget().json();
  json["stopped"] = or_null(summary.stop_reason);
  json["packages"] = ordered_json::array();
  for (const auto& result : summary.packages) json["packages"].push_back(json_of(result));
  return json;
}

std::string summary_text(const Session& session, const package::Summary& summary, bool from_queue) {
  auto shown = worth_showing(summary);
  const std::size_t left_out = shown.size() - std::min(shown.size(), kPostsShown);
  shown.resize(shown.size() - left_out);
  std::string text = shown.empty() ? "" : posts_table(shown);
  if (left_out > 0) text += fmt::format("and {} more: see --json, or the log\n", format_count(left_out));
  for (const auto* result : shown) {
    if (!went_wrong(*result)) continue;
    text += fmt::format("{} {}:\n", result->content_id, to_string(result->status));
    for (const auto& reason : result->reasons) text += fmt::format("  {}\n", reason);
    for (const auto& note : result->notes) text += fmt::format("  ({})\n", note);
  }
  if (!text.empty()) text += '\n';
  text += fmt::format("package {} in {}", status_word(summary.code), format_duration(session.seconds()));
  if (!summary.stop_reason.empty()) text += ": " + summary.stop_reason;
  text += fmt::format("\n  posts {}: {} built, {} unchanged, {} rejected, {} failed", summary.packages.size(),
                      summary.count(Status::built), summary.count(Status::unchanged), summary.count(Status::rejected),
                      summary.count(Status::failed));
  if (from_queue) text += queue_line(summary.queue);
  if (!session.csv().empty()) text += "\n  metrics " + session.csv().string();
  return text + "\n";
}

}  // namespace pipeline::cli
