#include "queue_rows.h"

#include "pipeline/base/text.h"
#include "pipeline/metrics/csv.h"

#include "summary.h"
#include "table.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace pipeline::cli {
namespace {

using catalogue::QueueEntry;
using catalogue::QueueStatus;
using nlohmann::ordered_json;

constexpr std::size_t kTableBlock = 1000;  // rows that are aligned together
constexpr std::size_t kLongestNote = 60;

std::string age_text(std::chrono::milliseconds time) {
  const auto seconds = std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::seconds>(time).count());
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return fmt::format("{} m", seconds / 60);
  if (seconds < 86'400) return fmt::format("{} h {:02} m", seconds / 3600, seconds / 60 % 60);
  return fmt::format("{} d {:02} h", seconds / 86'400, seconds / 3600 % 24);
}

// One line of a terminal, whatever was noted.
std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return text;
}

std::string note(const QueueEntry& entry, WallTime now) {
  if (entry.status != QueueStatus::claimed) return one_line(entry.error);
  if (!entry.lease_until) return "no lease";
  return *entry.lease_until > now ? "lease ends in " + age_text(*entry.lease_until - now) : "lease ran out";
}

// `NEW,PRICE`: each by itself.
std::string reasons(const std::string& text, const Language& language) {
  std::string reasons;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    reasons += (at > 0 ? "," : "") + language.text(std::string_view(text).substr(at, end - at));
    at = end + 1;
  }
  return reasons;
}

// ID, STATUS, SKU, REASON, TRY, AGE, WORKER, NOTE.
constexpr std::string_view kSides = "rLlLrLlL";

std::vector<std::string> cells_of(const QueueEntry& entry, WallTime now, const Language& language) {
  std::vector<std::string> cells{std::to_string(entry.id),       std::string(to_string(entry.status)),
                                 one_line(entry.name),           reasons(one_line(entry.reason), language),
                                 std::to_string(entry.attempts), age_text(now - entry.enqueued_at),
                                 one_line(entry.claimed_by),     note(entry, now)};
  put_into(language, cells, kSides);
  cells.back() = shorten(cells.back(), kLongestNote);
  return cells;
}

std::string utc_of(const std::optional<WallTime>& time) {
  return time ? format_utc(*time) : "";
}

std::string csv_of(const QueueEntry& entry) {
  metrics::CsvText csv;
  csv.field(std::to_string(entry.id)).field(entry.sku).field(entry.reason).field(to_string(entry.status));
  csv.field(std::to_string(entry.attempts)).field(format_utc(entry.enqueued_at)).field(utc_of(entry.claimed_at));
  csv.field(entry.claimed_by).field(utc_of(entry.lease_until)).field(utc_of(entry.finished_at));
  csv.field(entry.error).field(entry.changes).field(entry.source).end_line();
  return csv.text();
}

std::string json_of(const QueueEntry& entry) {
  auto changes = ordered_json::parse(entry.changes, nullptr, false);
  if (changes.is_discarded()) changes = entry.changes;  // written by hand; still to be seen
  const ordered_json json = {{"id", entry.id},
                             {"source", entry.source},
                             {"sku", entry.sku},
                             {"reason", entry.reason},
                             {"status", to_string(entry.status)},
                             {"attempts", entry.attempts},
                             {"enqueued_at", format_utc(entry.enqueued_at)},
                             {"claimed_at", or_null(utc_of(entry.claimed_at))},
                             {"claimed_by", or_null(entry.claimed_by)},
                             {"lease_until", or_null(utc_of(entry.lease_until))},
                             {"finished_at", or_null(utc_of(entry.finished_at))},
                             {"error", or_null(entry.error)},
                             {"changes", std::move(changes)}};
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

QueueRows::QueueRows(Format format, WallTime now, Output& output) : format_(format), now_(now), output_(output) {
  if (format_ == Format::csv)
    output_.write(
        "id,sku,reason,status,attempts,enqueued_at,claimed_at,claimed_by,lease_until,finished_at,error,changes,"
        "source\r\n");
  if (format_ != Format::table) return;
  lines_.push_back({"ID", "STATUS", "SKU", "REASON", "TRY", "AGE", "WORKER", "NOTE"});
  put_head_into(output_.language(), lines_.front());
}

void QueueRows::add(const QueueEntry& entry) {
  switch (format_) {
    case Format::csv:
      output_.write(csv_of(entry));
      break;
    case Format::json:
      output_.write(any_ ? ",\n " : "[");
      output_.write(json_of(entry));
      break;
    default:
      lines_.push_back(cells_of(entry, now_, output_.language()));
      if (lines_.size() >= kTableBlock) print();
  }
  any_ = true;
}

void QueueRows::end() {
  if (format_ == Format::json) output_.write(any_ ? "]\n" : "[]\n");
  if (format_ != Format::table) return;
  if (any_)
    print();
  else
    output_.say("no entries\n");
}

void QueueRows::print() {
  output_.write(align_columns(lines_, plain_sides(kSides)));
  lines_.clear();
}

}  // namespace pipeline::cli
