#include "queue_rows.h"

#include "pipeline/base/text.h"
#include "pipeline/metrics/csv.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace pipeline::cli {
namespace {

using catalogue::QueueEntry;
using catalogue::QueueStatus;
using nlohmann::ordered_json;

// --- table ---

constexpr std::size_t kColumns = 8;
using Cells = std::array<std::string, kColumns>;
constexpr std::size_t kTableBlock = 1000;  // rows that are aligned together
constexpr std::size_t kLongestNote = 60;

std::string age(std::chrono::milliseconds time) {
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
  if (entry.status != QueueStatus::claimed) return shorten(one_line(entry.error), kLongestNote);
  if (!entry.lease_until) return "no lease";
  return *entry.lease_until > now ? "lease ends in " + age(*entry.lease_until - now) : "lease ran out";
}

class Table final : public QueueRows {
 public:
  Table(WallTime now, Write write) : now_(now), write_(std::move(write)) {
    add_line({"ID", "STATUS", "SKU", "REASON", "TRY", "AGE", "WORKER", "NOTE"});
  }

  void add(const QueueEntry& entry) override {
    const Cells cells{std::to_string(entry.id),
                      std::string(to_string(entry.status)),
                      one_line(entry.sku),
                      one_line(entry.reason),
                      std::to_string(entry.attempts),
                      age(now_ - entry.enqueued_at),
                      one_line(entry.claimed_by),
                      note(entry, now_)};
    add_line(cells);
    if (lines_.size() >= kTableBlock) print();
  }

  void end() override {
    if (!printed_ && lines_.size() == 1) {
      lines_.clear();
      write_("no entries\n");
    }
    print();
  }

 private:
  void add_line(Cells cells) {
    for (std::size_t i = 0; i < kColumns; ++i) widths_[i] = std::max(widths_[i], display_width(cells[i]));
    lines_.push_back(std::move(cells));
  }

  void print() {
    std::string text;
    for (const Cells& cells : lines_) {
      std::string line;
      for (std::size_t i = 0; i < kColumns; ++i) {
        const std::string padding(widths_[i] - display_width(cells[i]), ' ');
        const bool is_number = i == 0 || i == 4;
        line += is_number ? padding + cells[i] : cells[i] + padding;
        line += "  ";
      }
      line.erase(line.find_last_not_of(' ') + 1);
      text += line + '\n';
    }
    write_(text);
    lines_.clear();
    printed_ = true;
  }

  const WallTime now_;
  const Write write_;
  std::array<std::size_t, kColumns> widths_{};
  std::vector<Cells> lines_;
  bool printed_ = false;
};

// --- CSV ---

std::string csv_time(const std::optional<WallTime>& time) {
  return time ? format_utc(*time) : "";
}

class Csv final : public QueueRows {
 public:
  explicit Csv(Write write) : write_(std::move(write)) {
    write_("id,sku,reason,status,attempts,enqueued_at,claimed_at,claimed_by,lease_until,finished_at,error,changes\r\n");
  }

  void add(const QueueEntry& entry) override {
    metrics::CsvText line;
    line.field(std::to_string(entry.id)).field(entry.sku).field(entry.reason).field(to_string(entry.status));
    line.field(std::to_string(entry.attempts)).field(format_utc(entry.enqueued_at)).field(csv_time(entry.claimed_at));
    line.field(entry.claimed_by).field(csv_time(entry.lease_until)).field(csv_time(entry.finished_at));
    line.field(entry.error).field(entry.changes).end_line();
    write_(line.text());
  }
  void end() override {}

 private:
  const Write write_;
};

// --- JSON ---

ordered_json json_time(const std::optional<WallTime>& time) {
  return time ? ordered_json(format_utc(*time)) : ordered_json(nullptr);
}

ordered_json json_text(const std::string& text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

class Json final : public QueueRows {
 public:
  explicit Json(Write write) : write_(std::move(write)) {}

  void add(const QueueEntry& entry) override {
    auto changes = ordered_json::parse(entry.changes, nullptr, false);
    if (changes.is_discarded()) changes = entry.changes;  // written by hand; still to be seen
    const ordered_json json = {{"id", entry.id},
                               {"sku", entry.sku},
                               {"reason", entry.reason},
                               {"status", to_string(entry.status)},
                               {"attempts", entry.attempts},
                               {"enqueued_at", format_utc(entry.enqueued_at)},
                               {"claimed_at", json_time(entry.claimed_at)},
                               {"claimed_by", json_text(entry.claimed_by)},
                               {"lease_until", json_time(entry.lease_until)},
                               {"finished_at", json_time(entry.finished_at)},
                               {"error", json_text(entry.error)},
                               {"changes", std::move(changes)}};
    write_(begun_ ? ",\n " : "[");
    write_(json.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
    begun_ = true;
  }
  void end() override { write_(begun_ ? "]\n" : "[]\n"); }

 private:
  const Write write_;
  bool begun_ = false;
};

}  // namespace

std::unique_ptr<QueueRows> make_queue_rows(QueueCommand::Format format, WallTime now, QueueRows::Write write) {
  switch (format) {
    case QueueCommand::Format::csv:
      return std::make_unique<Csv>(std::move(write));
    case QueueCommand::Format::json:
      return std::make_unique<Json>(std::move(write));
    case QueueCommand::Format::table:
      break;
  }
  return std::make_unique<Table>(now, std::move(write));
}

}  // namespace pipeline::cli
