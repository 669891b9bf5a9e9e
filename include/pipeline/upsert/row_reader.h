#pragma once

#include "pipeline/base/file.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

// Product files as rows, one after the other: a JSON object each, whatever the file's format and encoding were.
namespace pipeline::upsert {

// A longer line (JSON Lines) or record (CSV) is no row: it is rejected without being held in memory.
inline constexpr std::size_t kLongestRow = 16 << 20;

// The bytes of one input: a file, or standard input for `-`. Throws Error naming it: missing, a folder, unreadable, or
// failing while it is read.
class ByteSource {
 public:
  explicit ByteSource(std::string path);
  // A descriptor that is open already; `name` is what messages call it.
  ByteSource(Fd fd, std::string name);

  enum class Got { bytes, nothing_yet, end };
  // Reads what is there, at most `room`, into its start; `size` says how much. A pipe or terminal that has nothing is
  // waited for 200 ms, then `nothing_yet`: the caller may want to stop, or to commit what it has.
  Got read(std::span<char> room, std::size_t& size);

  [[nodiscard]] const std::string& name() const noexcept { return name_; }  // the path; `standard input`
  // Of a regular file; 0 when nobody knows.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  [[nodiscard]] std::uint64_t bytes_read() const noexcept { return bytes_read_; }

 private:
  void inspect();

  std::string name_;
  Fd owned_;
  int fd_ = -1;
  bool regular_ = false;
  std::uint64_t size_ = 0;
  std::uint64_t bytes_read_ = 0;
};

// One row. Views and error end with the next call of next().
struct Row {
  std::string_view json;      // one JSON object in one line, not checked; of a CSV record, made from it
  std::string_view original;  // the line or record as it came, without its line end; empty when it was too long to hold
  std::int64_t line = 0;      // where it begins in its file, counted from 1
  std::string error;          // of a rejected row: why, and what to do
};

enum class Format { automatic, jsonl, csv };

class RowReader {
 public:
  virtual ~RowReader() = default;

  // `empty`: a record without anything in it, such as a spreadsheet leaves below its table.
  enum class Got { row, rejected, empty, nothing_yet, end };
  // The next row. Lines without anything in them are skipped. Throws Error when the file can't be read further.
  virtual Got next(Row& row) = 0;

  // The header line of a CSV file as it came, without its line end; empty for JSON Lines.
  [[nodiscard]] virtual std::string_view header() const noexcept = 0;

  // Whether the last row looks as if the file was cut within it: it lacks columns and the end of its line.
  [[nodiscard]] virtual bool may_be_cut() const noexcept = 0;
};

// Called with the pieces of a row that is longer than kLongestRow, as it came, before next() answers `rejected`; the
// last piece has `last` set. (No such row is held in memory.)
using OverlongSink = std::function<void(std::string_view piece, bool last)>;

// The reader for the source. Reads nothing yet, so that a slow pipe can be left at any time: the format, unless it is
// given, and the encoding are found by content in the calls of next(), which throw Error, naming the file and what to
// do, for what is no product file (a JSON array, a zip, UTF-16, a CSV without a column `sku`). Text is UTF-8, with or
// without a byte order mark, or CP949, which is converted. The source must outlive the reader.
[[nodiscard]] std::unique_ptr<RowReader> open_rows(ByteSource& source, Format format, OverlongSink overlong);

}  // namespace pipeline::upsert
