#include "csv_reader.h"

#include "pipeline/base/error.h"

#include "excerpt.h"

#include <fmt/core.h>

#include <utility>

namespace pipeline::upsert {
namespace {

constexpr std::size_t kShownHeader = 120;

bool is_blank(std::string_view line) noexcept {
  return line.find_first_not_of(" \t") == std::string_view::npos;
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
// A quote that is never closed is noticed only when the file ends or kLongestRow is reached, and then all lines but the
// first are parsed again. That is linear even in a file full of such quotes: a line with an odd number of quotes that
// comes while a quote is open closes it or is at fault, and ends the record there. So the lines that are parsed again
// have even numbers: each stands alone, and none of them opens a record that runs as far once more.
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
    if (!parser_.is_open() && is_blank(lines_.line())) {
      lines_.release();
      continue;
    }
    const bool was_open = parser_.is_open();
    const std::size_t fields_before = parser_.record().size();
    const auto state = parser_.feed(lines_.line(), lines_.line_end());
    if (state == CsvParser::State::complete) return Got::row;
    if (state != CsvParser::State::open) return reject_first_line(row, describe(state));
    if (!was_open || parser_.record().size() > fields_before) quote_line_ = lines_.number();
  }
}

CsvReader::Got CsvReader::reject_first_line(Row& row, std::string error) {
  parser_.reset();
  row = {{}, lines_.keep_first(), lines_.first_number(), std::move(error)};
  return Got::rejected;
}

std::string CsvReader::describe(CsvParser::State fault) const {
  const auto field = parser_.record().size() + 1;
  if (fault == CsvParser::State::quote_inside)
    return fmt::format(
        "field {} in line {} has a quote but does not begin with one; put it in quotes, and double "
        "those inside",
        field, lines_.number());
  return fmt::format("field {} has text behind its closing quote in line {}; double the quotes inside a field", field,
                     lines_.number());
}

std::string CsvReader::unclosed(std::string_view until) const {
  return fmt::format(
      "the quote opened in line {} is never closed ({}); close it, or double it if it belongs to the "
      "text",
      quote_line_, until);
}

void CsvReader::take_header() {
  header_ = lines_.held();
  const std::string fault = decode();
  if (!fault.empty()) throw Error(fmt::format("cannot read {}: its header: {}", file_, fault));
  std::string text;
  encoding_.append_utf8(header_, text);
  if (guessed_ && !CsvColumns::has_sku(decoded_)) throw Error(neither_format(file_, text));
  columns_.emplace(decoded_, file_, excerpt(text, kShownHeader));
}

CsvReader::Got CsvReader::take(Row& row) {
  row.error = decode();
  if (row.error.empty()) row.error = columns_->to_json(decoded_, json_);
  const bool good = row.error.empty();
  row.json = good ? std::string_view(json_) : std::string_view();
  row.original = lines_.held();
  row.line = lines_.first_number();
  return good ? Got::row : Got::rejected;
}

// The parser's record as UTF-8. Gives what is wrong with it, empty when nothing is.
std::string CsvReader::decode() {
  if (encoding_.must_decide(lines_.held())) {
    const std::string_view ahead = lines_.peek(FileEncoding::kLookAhead + 1);
    encoding_.decide(ahead, lines_.at_end(), lines_.first_number());
  }
  const CsvRecord& record = parser_.record();
  decoded_.clear();
  for (std::size_t i = 0; i < record.size(); ++i) {
    if (encoding_.append_utf8(record[i], decoded_.text())) {
      std::string unused;  // once more as it came, for the position
      const auto offset = encoding_.append_utf8(lines_.held(), unused).value_or(0);
      return encoding_fault(lines_.held(), lines_.first_number(), offset, encoding_.name());
    }
    decoded_.end_field();
  }
  return {};
}

}  // namespace pipeline::upsert
