#include "pipeline/upsert/row_reader.h"

#include "pipeline/base/error.h"

#include "csv_reader.h"
#include "encoding.h"
#include "file_start.h"
#include "jsonl_reader.h"
#include "line_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace pipeline::upsert {
namespace {

// An object whose first line is its brace alone.
bool is_spread_object(std::string_view start) noexcept {
  if (!start.starts_with('{')) return false;
  const std::size_t next = start.find_first_not_of(" \t\r", 1);
  return next != std::string_view::npos && start[next] == '\n';
}

// Finds out by the first bytes what the file is, then reads it as that.
class DetectingReader final : public RowReader {
 public:
  DetectingReader(ByteSource& source, Format format, OverlongSink overlong)
      : file_(source.name()), format_(format), overlong_(std::move(overlong)), lines_(source), encoding_(file_) {}

  Got next(Row& row) override {
    if (!rows_ && !detect()) return Got::nothing_yet;
    return rows_->next(row);
  }
  [[nodiscard]] std::string_view header() const noexcept override { return rows_ ? rows_->header() : ""; }
  [[nodiscard]] bool may_be_cut() const noexcept override { return rows_ && rows_->may_be_cut(); }

 private:
  static constexpr std::size_t kFirstLook = 4096;
  static constexpr std::size_t kLongestMark = 4;  // UTF-32's

  bool detect();
  [[nodiscard]] std::unique_ptr<RowReader> make_reader(std::string_view start);

  const std::string file_;
  const Format format_;
  OverlongSink overlong_;
  LineReader lines_;
  FileEncoding encoding_;
  bool start_checked_ = false;
  std::size_t look_ = kFirstLook;
  std::unique_ptr<RowReader> rows_;
};

// Whether the bytes that are there were enough. A writer may fall silent after any of them.
bool DetectingReader::detect() {
  std::string_view start = lines_.peek(look_);
  if (!start_checked_) {
    if (start.size() < kLongestMark && !lines_.at_end()) return false;
    if (const std::size_t mark = check_file_start(file_, start.substr(0, kFirstLook)); mark > 0) {
      encoding_.set_utf8();
      lines_.skip(mark);
      start.remove_prefix(mark);
    }
    start_checked_ = true;
  }
  const std::size_t first = start.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos && !lines_.at_end() && look_ <= kLongestRow) {
    if (start.size() >= look_) look_ = 2 * start.size();
    return false;
  }
  rows_ = make_reader(first == std::string_view::npos ? std::string_view() : start.substr(first));
  return true;
}

// `start` is empty, or has no white space in front.
std::unique_ptr<RowReader> DetectingReader::make_reader(std::string_view start) {
  const bool automatic = format_ == Format::automatic;
  if (automatic && start.starts_with('['))
    throw Error(
        fmt::format("cannot read {}: it is a JSON array, and rows are read as one object a line; convert it "
                    "first: jq -c '.[]' FILE | pipeline upsert -",
                    file_));
  if (automatic && is_spread_object(start))
    throw Error(
        fmt::format("cannot read {}: it is JSON over several lines, and rows are read as one object a line; convert it "
                    "first: jq -c . FILE | pipeline upsert -",
                    file_));
  if (format_ == Format::jsonl || (automatic && (start.empty() || start.starts_with('{'))))
    return std::make_unique<JsonlReader>(lines_, std::move(encoding_), std::move(overlong_));
  return std::make_unique<CsvReader>(lines_, std::move(encoding_), file_, automatic, std::move(overlong_));
}

}  // namespace

std::unique_ptr<RowReader> open_rows(ByteSource& source, Format format, OverlongSink overlong) {
  return std::make_unique<DetectingReader>(source, format, std::move(overlong));
}

}  // namespace pipeline::upsert
