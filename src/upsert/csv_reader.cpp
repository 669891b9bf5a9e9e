#include "csv_reader.h"

#include "pipeline/base/error.h"

#include "excerpt.h"
#include "header_advice.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace pipeline::upsert {
namespace {

constexpr std::size_t kShownHeader = 120;
constexpr std::size_t kHeaderLookAhead = 16 << 10;

bool is_blank_line(std::string_view line) noexcept {
  return line.find_first_not_of(" \t\x1A") == std::string_view::npos;  // Ctrl-Z ended a file that others follow
}

// The record of a line that ends within quotes, as it would be had the last quote not been opened: what is behind it is
// fields of its own.
CsvRecord without_open_quote(CsvRecord record) {
  std::size_t ended = 0;
  for (std::size_t i = 0; i < record.size(); ++i) ended += record[i].size();
  const std::string behind = record.text().substr(ended);
  record.text().resize(ended);
  CsvParser parser;
  if (parser.feed(behind, {}) != CsvParser::State::complete) return {};
  for (std::size_t i = 0; i < parser.record().size(); ++i) record.add(parser.record()[i]);
  return record;
}

std::string neither_format(const std::string& file, std::string_view beginning) {
  return fmt::format(
      "cannot read {}: it is neither JSON Lines nor a CSV file with a column `sku`; if it is meant to be one, say so "
      "with --format jsonl or --format csv. It begins with: {}",
      file, excerpt(beginning, kShownHeader));
}

}  // namespace

CsvReader::CsvReader(LineReader& lines, FileEncoding encoding, std::string file, bool guessed, OverlongSink overlong)
    : lines_(lines),
      encoding_(std::move(encoding)),
      file_(std::move(file)),
      guessed_(guessed),
      overlong_(std::move(overlong)),
      // The header is no row: nothing of it goes to the rejected ones.
      no_header_([this](std::string_view piece, bool) {
        throw Error(guessed_ ? neither_format(file_, piece)
                             : fmt::format("cannot read {}: its header: {}", file_, too_long()));
      }) {
  lines_.end_lines_at_cr();
}

CsvReader::Got CsvReader::next(Row& row) {
  for (;;) {
    const Got got = next_record(row);
    if (!columns_ && got == Got::rejected) {
      throw Error(guessed_ ? neither_format(file_, row.original)
                           : fmt::format("cannot read {}: its header: {}. The header: {}", file_, row.error,
                                         excerpt(row.original, kShownHeader)));
    }
    if (got != Got::row) return got;
    if (columns_) return take(row);
    take_header();
  }
}

// Finds the next record; `row` when it could be parsed.
//
// A quote that is never closed is noticed only when the file ends, kLongestRow is reached or another quote comes that
// cannot be, and then all lines but the first are parsed again. None is a third time: among them no record goes over
// lines.
CsvReader::Got CsvReader::next_record(Row& row) {
  if (!parser_.is_open()) lines_.release();
  for (;;) {
    switch (lines_.next(columns_ ? overlong_ : no_header_)) {
      case LineReader::Got::line:
        break;
      case LineReader::Got::nothing_yet:
        return Got::nothing_yet;
      case LineReader::Got::overlong:
        row = {{}, {}, lines_.number(), too_long()};
        return Got::rejected;
      case LineReader::Got::full:
        return reject_first_line(row, unclosed(fmt::format("within {} MiB", kLongestRow >> 20U)));
      case LineReader::Got::end:
        if (!parser_.is_open()) return Got::end;
        return reject_first_line(row, unclosed("before the file ends"));
    }
    if (!parser_.is_open() && is_blank_line(lines_.line())) {
      lines_.release();
      continue;
    }
    const bool was_open = parser_.is_open();
    const std::size_t fields_before = parser_.record().size();
    const auto state = parser_.feed(lines_.line(), lines_.line_end());
    if (state == CsvParser::State::complete) return Got::row;
    if (state == CsvParser::State::text_behind_quote) return reject_first_line(row, text_behind_quote());
    if (!was_open || parser_.record().size() > fields_before) quote_line_ = lines_.number();
    if (lines_.number() <= reread_until_) return reject_first_line(row, unclosed("in its line"));
  }
}

CsvReader::Got CsvReader::reject(Row& row, std::string error) {
  row = {{}, lines_.held(), lines_.first_number(), std::move(error)};
  return Got::rejected;
}

// The lines behind the first are read again. A line that shows the fault of an earlier one begins afresh.
CsvReader::Got CsvReader::reject_first_line(Row& row, std::string error) {
  const bool is_at_fault = !parser_.is_open();
  reread_until_ = std::max(reread_until_, lines_.number() - (is_at_fault ? 1 : 0));
  broken_line_ = lines_.first_number();
  parser_.reset();
  row = {{}, lines_.keep_first(), lines_.first_number(), std::move(error)};
  return Got::rejected;
}

std::string CsvReader::text_behind_quote() const {
  return fmt::format("field {} has text behind its closing quote in line {}; double the quotes inside a field",
                     parser_.record().size() + 1, lines_.number());
}

std::string CsvReader::unclosed(std::string_view until) const {
  return fmt::format(
      "the quote opened in line {} is never closed ({}); close it, or double it if it belongs to the "
      "text",
      quote_line_, until);
}

std::string CsvReader::part_of_broken() const {
  return fmt::format(
      "has {} fields, the header has {}: it may be a part of the record in line {}, whose quote is not closed",
      decoded_.size(), columns_->size(), broken_line_);
}

std::string CsvReader::swallows_rows() const {
  return fmt::format(
      "a quote joins lines {} to {}, and each of them could be a row by itself; close the quote in its line, or double "
      "it if it belongs to the text",
      lines_.first_number(), lines_.number());
}

void CsvReader::take_header() {
  header_ = lines_.held();
  const std::string fault = header_.find('\0') == std::string::npos ? decode() : "it has a NUL byte";
  if (!fault.empty()) throw Error(fmt::format("cannot read {}: its header: {}", file_, fault));
  std::string text;
  encoding_.append_utf8(header_, text);
  const std::string shown = excerpt(text, kShownHeader);
  if (!CsvColumns::has_sku(decoded_)) {
    const std::string advice = header_advice(lines_.peek(kHeaderLookAhead), lines_.first_number());
    if (!advice.empty()) throw Error(fmt::format("cannot read {}: {}. It begins with: {}", file_, advice, shown));
    if (guessed_) throw Error(neither_format(file_, text));
  }
  columns_.emplace(decoded_, file_, shown);
}

CsvReader::Got CsvReader::take(Row& row) {
  const bool over_lines = lines_.number() > lines_.first_number();
  if (lines_.held().find('\0') != std::string_view::npos)
    return reject(row, "has a NUL byte; was the file cut or damaged when it was copied?");
  if (std::string fault = decode(); !fault.empty()) return reject(row, std::move(fault));
  if (CsvColumns::is_empty(decoded_)) {
    row = {{}, lines_.held(), lines_.first_number(), {}};
    return Got::empty;
  }
  if (std::string fault = columns_->fault_of(decoded_); !fault.empty())
    return over_lines ? reject_first_line(row, std::move(fault)) : reject(row, std::move(fault));
  if (broken_line_ > 0 && decoded_.size() < columns_->size() && !columns_->is_row(decoded_))
    return reject(row, part_of_broken());
  if (over_lines && lines_are_rows()) return reject(row, swallows_rows());
  broken_line_ = 0;
  may_be_cut_ = lines_.line_end().empty() && decoded_.size() < columns_->size();
  columns_->to_json(decoded_, json_);
  row = {json_, lines_.held(), lines_.first_number(), {}};
  return Got::row;
}

// Whether each line of the record would be a row, had the quote not been opened.
bool CsvReader::lines_are_rows() {
  std::string_view rest = lines_.held();
  for (bool first = true; !rest.empty(); first = false) {
    const std::string_view line = rest.substr(0, rest.find_first_of("\r\n"));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (is_blank_line(line)) continue;
    CsvParser alone;
    const auto state = alone.feed(line, {});
    if (state != (first ? CsvParser::State::open : CsvParser::State::complete)) return false;
    if (!would_be_row(first ? without_open_quote(alone.record()) : alone.record())) return false;
  }
  return true;
}

bool CsvReader::would_be_row(const CsvRecord& record) {
  CsvRecord decoded;
  return record.size() == columns_->size() && decode(record, decoded) && columns_->is_row(decoded);
}

// The parser's record as UTF-8. Gives what is wrong with it, empty when nothing is.
std::string CsvReader::decode() {
  if (encoding_.must_decide(lines_.held())) {
    const std::string_view ahead = lines_.peek(FileEncoding::kLookAhead + 1);
    encoding_.decide(ahead, lines_.at_end(), lines_.first_number());
  }
  if (decode(parser_.record(), decoded_)) return {};
  std::string unused;  // once more as it came, for the position
  const auto offset = encoding_.append_utf8(lines_.held(), unused).value_or(0);
  return encoding_fault(lines_.held(), lines_.first_number(), offset, encoding_.name());
}

bool CsvReader::decode(const CsvRecord& record, CsvRecord& decoded) {
  decoded.clear();
  for (std::size_t i = 0; i < record.size(); ++i) {
    if (encoding_.append_utf8(record[i], decoded.text())) return false;
    decoded.end_field();
  }
  return true;
}

}  // namespace pipeline::upsert
