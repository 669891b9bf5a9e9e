#include "pipeline/sheet/row_reader.h"

#include "pipeline/base/error.h"
#include "pipeline/base/log.h"

#include "csv_reader.h"
#include "encoding.h"
#include "file_start.h"
#include "jsonl_reader.h"
#include "line_reader.h"
#include "old_workbook.h"
#include "workbook_reader.h"

#include <fmt/core.h>

#include <utility>

namespace pipeline::sheet {
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
  DetectingReader(ByteSource& source, const Layout& layout, Columns& columns, OverlongSink overlong)
      : source_(source),
        file_(source.name()),
        layout_(layout),
        columns_(columns),
        overlong_(std::move(overlong)),
        lines_(source),
        encoding_(file_) {}

  Got next(Row& row) override {
    if (!rows_ && !detect()) return Got::nothing_yet;
    return rows_->next(row);
  }
  [[nodiscard]] std::string_view header() const noexcept override { return rows_ ? rows_->header() : ""; }
  [[nodiscard]] bool may_be_cut() const noexcept override { return rows_ && rows_->may_be_cut(); }
  [[nodiscard]] Reading reading() const override { return rows_ ? rows_->reading() : Reading(); }

 private:
  static constexpr std::size_t kFirstLook = 4096;
  static constexpr std::size_t kLongestMark = 4;  // UTF-32's

  bool detect();
  void take_encoding(const FileStart& start);
  [[nodiscard]] std::unique_ptr<RowReader> make_workbook_reader(FileStart::Kind kind);
  [[nodiscard]] std::unique_ptr<RowReader> make_reader(std::string_view start);

  ByteSource& source_;
  const std::string file_;
  const Layout layout_;
  Columns& columns_;
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
    const FileStart found = look_at_start(file_, start.substr(0, kFirstLook), layout_.encoding);
    if (found.kind != FileStart::Kind::text || layout_.format == Format::xlsx) {
      rows_ = make_workbook_reader(found.kind);
      return true;
    }
    take_encoding(found);
    start_checked_ = true;
    start = lines_.peek(look_);
  }
  const std::size_t first = start.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos && !lines_.at_end() && look_ <= kLongestRow) {
    if (start.size() >= look_) look_ = 2 * start.size();
    return false;
  }
  rows_ = make_reader(first == std::string_view::npos ? std::string_view() : start.substr(first));
  return true;
}

// What the file's mark says counts more than what somebody said of it.
void DetectingReader::take_encoding(const FileStart& start) {
  lines_.skip(start.mark);
  const std::string& name = start.encoding.empty() ? layout_.encoding : start.encoding;
  if (name.empty()) return;
  if (is_name_of_utf8(name)) return encoding_.set_utf8();
  if (is_name_of_cp949(name)) return encoding_.set_cp949();
  lines_.decode(std::make_unique<StreamDecoder>(name));
  encoding_.set_converted_from(name);
  if (!start.encoding.empty()) log::info("{} is {}: converted to UTF-8", file_, name);
}

std::unique_ptr<RowReader> DetectingReader::make_workbook_reader(FileStart::Kind kind) {
  if (kind == FileStart::Kind::old_workbook)
    throw Error(fmt::format("cannot read {}: it is {}", file_, old_workbook(source_)));
  if (kind == FileStart::Kind::text)
    throw Error(fmt::format("cannot read {}: it is a text, and --format says xlsx; leave that out", file_));
  if (layout_.format != Format::automatic && layout_.format != Format::xlsx)
    throw Error(
        fmt::format("cannot read {}: it is a zip archive, as a workbook (.xlsx) is one, and --format says something "
                    "else; leave that out, or unpack it first",
                    file_));
  return std::make_unique<WorkbookReader>(source_, lines_.raw(), layout_, columns_);
}

// `start` is empty, or has no white space in front.
std::unique_ptr<RowReader> DetectingReader::make_reader(std::string_view start) {
  const bool automatic = layout_.format == Format::automatic;
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
  if (layout_.format == Format::jsonl || (automatic && (start.empty() || start.starts_with('{'))))
    return std::make_unique<JsonlReader>(lines_, std::move(encoding_), std::move(overlong_));
  return std::make_unique<CsvReader>(lines_, std::move(encoding_), file_, layout_, columns_, std::move(overlong_));
}

}  // namespace

std::unique_ptr<RowReader> open_rows(ByteSource& source, const Layout& layout, Columns& columns,
                                     OverlongSink overlong) {
  return std::make_unique<DetectingReader>(source, layout, columns, std::move(overlong));
}

}  // namespace pipeline::sheet
