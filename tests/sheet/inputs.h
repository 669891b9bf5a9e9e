#pragma once

#include "pipeline/base/file.h"
#include "pipeline/sheet/row_reader.h"

#include "named_cells.h"
#include "support/temp_dir.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::sheet {

// One answer of next(), with copies of what the row shows.
struct Answer {
  RowReader::Got got;
  std::string json;
  std::string original;
  std::int64_t line = 0;
  std::string error;

  bool operator==(const Answer&) const = default;
};

inline std::ostream& operator<<(std::ostream& out, const Answer& a) {
  constexpr std::array<std::string_view, 5> kGot{"row", "rejected", "empty", "nothing yet", "end"};
  return out << kGot[static_cast<std::size_t>(a.got)] << " line " << a.line << " [" << a.json << "] original ["
             << a.original << "] error [" << a.error << "]";
}

inline Answer answer_of(RowReader& rows) {
  Row row;
  const auto got = rows.next(row);
  if (got == RowReader::Got::nothing_yet || got == RowReader::Got::end) return {got, {}, {}, 0, {}};
  return {got, std::string(row.json), std::string(row.original), row.line, row.error};
}

// All rows to the end, waiting where there is nothing yet.
inline std::vector<Answer> all_rows(RowReader& rows) {
  std::vector<Answer> answers;
  for (;;) {
    Answer answer = answer_of(rows);
    if (answer.got == RowReader::Got::end) return answers;
    if (answer.got != RowReader::Got::nothing_yet) answers.push_back(std::move(answer));
  }
}

// A file with these bytes.
class InputFile {
 public:
  explicit InputFile(std::string_view bytes, std::string_view name = "input") : path_(dir_ / name) {
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  test::TempDir dir_;
  std::filesystem::path path_;
};

// A pipe that the test writes into, as another program would.
class InputPipe {
 public:
  InputPipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
    reader_ = Fd(ends[0]);
    writer_ = Fd(ends[1]);
  }
  [[nodiscard]] ByteSource source() { return {std::move(reader_), "the pipe"}; }
  void write(std::string_view bytes) { write_all(writer_.get(), bytes, "the pipe"); }
  void close() { writer_.reset(); }

 private:
  Fd reader_;
  Fd writer_;
};

inline const OverlongSink kNoOverlong = [](std::string_view, bool) { throw std::logic_error("no row is overlong"); };

// A reader of a source, with columns of its own.
class Reader {
 public:
  explicit Reader(ByteSource& source, const Layout& layout = {}, OverlongSink overlong = kNoOverlong)
      : rows_(open_rows(source, layout, columns_, std::move(overlong))) {}
  RowReader& operator*() const { return *rows_; }
  RowReader* operator->() const { return rows_.get(); }

 private:
  NamedCells columns_;
  std::unique_ptr<RowReader> rows_;
};

inline std::vector<Answer> rows_of(std::string_view bytes, const Layout& layout = {}) {
  const InputFile file(bytes);
  ByteSource source(file.path());
  return all_rows(*Reader(source, layout));
}
inline std::vector<Answer> rows_of(std::string_view bytes, Format format) {
  return rows_of(bytes, Layout{.format = format});
}

}  // namespace pipeline::sheet
