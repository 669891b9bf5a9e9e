#include "csv_table.h"

#include "pipeline/base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

namespace pipeline::metrics {
namespace {

constexpr std::size_t kLongestRecord = 1 << 20;  // no label is near that long: an open quote is a torn line
constexpr std::string_view kSeparators = ",;\t";
constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

std::vector<std::string> cells_of(const CsvRecord& record) {
  std::vector<std::string> cells;
  for (std::size_t i = 0; i < record.size(); ++i) cells.emplace_back(record[i]);
  return cells;
}

bool is_empty(const CsvRecord& record) {
  for (std::size_t i = 0; i < record.size(); ++i)
    if (!record[i].empty()) return false;
  return true;
}

// How many cells it has when those at the end that say nothing are left out.
std::size_t filled_size(const CsvRecord& record) {
  std::size_t size = record.size();
  while (size > 0 && record[size - 1].empty()) --size;
  return size;
}

// Takes those at the end of the line out of it.
std::string take_carriage_returns(std::string& line) {
  const std::size_t end = line.find_last_not_of('\r') + 1;
  std::string taken = line.substr(end);
  line.resize(end);
  return taken;
}

// What the first bytes show the file to be, when that is no CSV.
std::string_view other_format(std::string_view start) {
  if (start.starts_with("PK\x03\x04") || start.starts_with("\xD0\xCF\x11\xE0")) return "a workbook";
  if (start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF") || start.find('\0') != std::string_view::npos)
    return "UTF-16, or no text at all";
  const auto end = start.find('\r');
  if (end != std::string_view::npos && end + 1 < start.size()) return "in lines that end with CR alone";
  return {};
}

}  // namespace

CsvTable::CsvTable(std::filesystem::path file, std::string_view what, std::vector<std::string_view> columns)
    : file_(std::move(file)), lines_(file_, std::ios::binary), columns_(std::move(columns)) {
  std::error_code none;
  if (!lines_) throw Error(fmt::format("cannot read {}: {}", file_.string(), std::strerror(errno)));
  if (std::filesystem::is_directory(file_, none))
    throw Error(fmt::format("{} is a folder, no {}", file_.string(), what));
  const bool has_line = read_line() && (!line_.starts_with("sep=") || read_line());  // Excel's word for Excel
  if (!has_line) throw Error(fmt::format("{} is no {}: it has no header", file_.string(), what));
  if (!other_format(line_).empty() || !take_header()) throw Error(why_no_header(what));
}

CsvTable::Got CsvTable::next() {
  while (true) {
    const Got got = read_record();
    if (got != Got::record) return got;
    if (is_empty(parser_.record())) continue;
    if (is_header_again() && take_header()) continue;
    if (filled_size(parser_.record()) <= header_.size()) return got;
    fault_ = fmt::format("{}:{}: {} cells instead of {}", file_.string(), began_, filled_size(parser_.record()),
                         header_.size());
    return Got::fault;
  }
}

std::string_view CsvTable::optional(std::string_view column) const {
  const auto place = std::ranges::find(header_, column);
  return place == header_.end() ? std::string_view() : cell(static_cast<std::size_t>(place - header_.begin()));
}

std::string CsvTable::number(std::size_t column) const {
  std::string text((*this)[column]);
  if (separator_ != ',' && text.find('.') == std::string::npos && std::ranges::count(text, ',') == 1)
    text[text.find(',')] = '.';
  return text;
}

bool CsvTable::read_line() {
  do {
    if (!std::getline(lines_, line_)) return false;
    began_ = ++number_;
    if (number_ == 1 && line_.starts_with(kUtf8Mark)) line_.erase(0, kUtf8Mark.size());
    if (padded_) line_.erase(line_.find_last_not_of(";\r") + 1);
  } while (line_.empty() || line_ == "\r");
  return true;
}

CsvTable::Got CsvTable::read_record() {
  if (!read_line()) return Got::end;
  std::streampos second = -1;  // where the second line of the record begins, when it has one
  std::size_t size = 0;
  while (true) {
    const bool whole = !lines_.eof();                                  // a last line without its end is a torn one
    const std::string line_end = take_carriage_returns(line_) + "\n";  // part of a cell that goes on in the next line
    const auto state = whole ? parser_.feed(line_, line_end) : CsvParser::State::open;
    if (state == CsvParser::State::complete) return Got::record;
    if (state != CsvParser::State::open) return give_up("text behind a closing quote", second);
    if (second == std::streampos(-1) && whole) second = lines_.tellg();
    size += line_.size();
    if (!whole || size > kLongestRecord || !std::getline(lines_, line_))
      return give_up(whole ? "the line is torn" : "the line is torn: the file ends within it", second);
    ++number_;
  }
}

// A line torn within quotes has made what follows it a part of its cell: begin again behind that line alone.
CsvTable::Got CsvTable::give_up(std::string_view why, std::streampos second) {
  parser_.reset();
  fault_ = fmt::format("{}:{:d}: {}", file_.string(), began_, why);
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

// Takes the line as the header, if with one of the separators it names every column.
bool CsvTable::take_header() {
  std::string line = line_;
  take_carriage_returns(line);
  const bool padded = line.ends_with(';') && line.find(',') < line.find(';');
  if (padded) line.erase(line.find_last_not_of(';') + 1);
  for (const char separator : kSeparators) {
    CsvParser parser(separator);
    if (parser.feed(line, "\n") != CsvParser::State::complete) continue;
    const auto header = cells_of(parser.record());
    std::vector<std::size_t> places;
    for (const std::string_view column : columns_)
      places.push_back(static_cast<std::size_t>(std::ranges::find(header, column) - header.begin()));
    if (std::ranges::find(places, header.size()) != places.end()) continue;
    parser_ = CsvParser(separator);
    separator_ = separator;
    padded_ = padded && separator == ',';
    header_ = header;
    places_ = std::move(places);
    return true;
  }
  return false;
}

// Its columns may stand in another order, and its separator may be another, which leaves it a single cell.
bool CsvTable::is_header_again() const {
  const CsvRecord& record = parser_.record();
  for (std::size_t i = 0; i < record.size(); ++i)
    if (record[i] == columns_[0]) return true;
  return record.size() == 1 && line_.find(columns_[0]) != std::string::npos;
}

std::string CsvTable::why_no_header(std::string_view what) const {
  const std::string start = fmt::format("{} is no {}: ", file_.string(), what);
  if (const auto format = other_format(line_); !format.empty())
    return start + fmt::format("it is {}; if a spreadsheet saved it, save it there as `CSV UTF-8`", format);
  if (line_.starts_with('"') && line_.find_first_of(kSeparators) < line_.find('"', 1))
    return start +
           "its header is a single cell: a spreadsheet did not split the lines; import it there as CSV with commas";
  const auto missing =
      std::ranges::find_if(columns_, [&](std::string_view column) { return line_.find(column) == std::string::npos; });
  return start + fmt::format("it has no column {}", missing == columns_.end() ? columns_.front() : *missing);
}

std::string CsvTable::place(std::string_view what) const {
  const auto cells = parser_.record().size();
  const std::string at = fmt::format("{}:{}: ", file_.string(), began_);
  return cells < header_.size() ? fmt::format("{}{} cells instead of {}: {}", at, cells, header_.size(), what)
                                : at + std::string(what);
}

}  // namespace pipeline::metrics
