#include "csv_table.h"

#include "pipeline/base/error.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace pipeline::metrics {
namespace {

constexpr std::size_t kLongestRecord = 1 << 20;  // no label is near that long: an open quote is a torn line

}  // namespace

CsvTable::CsvTable(std::filesystem::path file, std::string_view what, std::initializer_list<std::string_view> columns)
    : file_(std::move(file)), lines_(file_, std::ios::binary) {
  std::error_code none;
  if (!lines_) throw Error(fmt::format("cannot read {}: {}", file_.string(), std::strerror(errno)));
  if (std::filesystem::is_directory(file_, none))
    throw Error(fmt::format("{} is a folder, no {}", file_.string(), what));
  if (read_record() != Got::record) throw Error(fmt::format("{} is no {}: it has no header", file_.string(), what));
  const CsvRecord& header = parser_.record();
  columns_ = header.size();
  for (const std::string_view column : columns) {
    std::size_t at = 0;
    while (at < columns_ && header[at] != column) ++at;
    if (at == columns_) throw Error(fmt::format("{} is no {}: it has no column {}", file_.string(), what, column));
    places_.push_back(at);
  }
}

CsvTable::Got CsvTable::next() {
  const Got got = read_record();
  if (got != Got::record || parser_.record().size() == columns_) return got;
  fault_ = place(fmt::format("{} cells instead of {}", parser_.record().size(), columns_));
  return Got::fault;
}

CsvTable::Got CsvTable::read_record() {
  do {
    if (!std::getline(lines_, line_)) return Got::end;
    began_ = ++number_;
  } while (line_.empty() || line_ == "\r");
  std::streampos second = -1;  // where the second line of the record begins, when it has one
  std::size_t size = 0;
  while (true) {
    const bool whole = !lines_.eof();  // a last line without its end is a torn one
    const auto state = whole ? parser_.feed(line_, "\n") : CsvParser::State::open;  // a CR it has is still there
    if (state == CsvParser::State::complete) return Got::record;
    if (state != CsvParser::State::open) return give_up("a quote where none may be", second);
    if (second == std::streampos(-1) && whole) second = lines_.tellg();
    size += line_.size();
    if (!whole || size > kLongestRecord || !std::getline(lines_, line_)) return give_up("the line is torn", second);
    ++number_;
  }
}

// A line torn within quotes has made what follows it a part of its cell: begin again behind that line alone.
CsvTable::Got CsvTable::give_up(std::string_view why, std::streampos second) {
  parser_.reset();
  fault_ = place(why);
  if (number_ > began_ || lines_.eof()) {
    lines_.clear();
    if (second == std::streampos(-1))
      lines_.setstate(std::ios::eofbit);
    else
      lines_.seekg(second);
    number_ = began_;
  }
  return Got::fault;
}

std::string CsvTable::place(std::string_view what) const {
  return fmt::format("{}:{}: {}", file_.string(), began_, what);
}

}  // namespace pipeline::metrics
