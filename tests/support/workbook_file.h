#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Workbooks as spreadsheet programs write them, part by part.
namespace pipeline::test {

struct BookCell {
  enum class Kind { empty, shared, inline_text, number, truth, error, formula };
  Kind kind = Kind::empty;
  std::string value;    // as it stands in the XML, escapes apart
  std::string formula;  // of a formula, whose value may be missing
  int style = 0;        // of WorkbookFile::kFormats

  BookCell() = default;
  BookCell(const char* text) : kind(Kind::shared), value(text) {}  // NOLINT: a row reads as a list of its cells
  BookCell(std::string text) : kind(Kind::shared), value(std::move(text)) {}  // NOLINT
  BookCell(std::int64_t n) : kind(Kind::number), value(std::to_string(n)) {}  // NOLINT
  BookCell(int n) : BookCell(static_cast<std::int64_t>(n)) {}                 // NOLINT

  static BookCell of(Kind kind, std::string value, int style = 0, std::string formula = {}) {
    BookCell cell;
    cell.kind = kind;
    cell.value = std::move(value);
    cell.formula = std::move(formula);
    cell.style = style;
    return cell;
  }
};

using BookRow = std::vector<BookCell>;

class WorkbookFile {
 public:
  // Style 1 is a date, 2 a date with its time, 3 five digits, 4 a day of Excel's own Korean kind; 0 is general.
  static constexpr int kDate = 1;
  static constexpr int kDateTime = 2;
  static constexpr int kFiveDigits = 3;
  static constexpr int kThousands = 4;

  struct Sheet {
    std::string name;
    std::vector<BookRow> rows;
    std::string state;          // hidden, say
    std::string merged;         // A1:C1, or several with blanks between them
    std::vector<int> hidden{};  // rows, from 1 on
  };

  WorkbookFile& add(Sheet sheet) {
    sheets_.push_back(std::move(sheet));
    return *this;
  }
  WorkbookFile& from_1904() {
    from_1904_ = true;
    return *this;
  }
  // In place of the part that would be written.
  WorkbookFile& part(std::string name, std::string bytes) {
    parts_.emplace_back(std::move(name), std::move(bytes));
    return *this;
  }

  void write(const std::filesystem::path& path) const;

 private:
  std::vector<Sheet> sheets_;
  bool from_1904_ = false;
  std::vector<std::pair<std::string, std::string>> parts_;
};

// An archive of these files.
void write_zip(const std::filesystem::path& path, const std::vector<std::pair<std::string, std::string>>& files);

}  // namespace pipeline::test
