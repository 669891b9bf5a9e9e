#pragma once

#include "pipeline/sheet/row_reader.h"

#include "encoding.h"
#include "line_reader.h"

#include <string>

namespace pipeline::sheet {

// JSON Lines: the line is the row. Only where its text has to be converted is it copied or looked through; whether it
// is JSON, and UTF-8, its parser finds out. Borrows the lines.
class JsonlReader final : public RowReader {
 public:
  JsonlReader(LineReader& lines, FileEncoding encoding, OverlongSink overlong);

  Got next(Row& row) override;
  [[nodiscard]] std::string_view header() const noexcept override { return {}; }
  [[nodiscard]] bool may_be_cut() const noexcept override { return false; }  // a line that was cut is no JSON
  [[nodiscard]] Reading reading() const override;

 private:
  Got take(Row& row);

  LineReader& lines_;
  FileEncoding encoding_;
  OverlongSink overlong_;
  std::string converted_;
};

}  // namespace pipeline::sheet
