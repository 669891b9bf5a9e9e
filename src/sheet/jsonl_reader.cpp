#include "jsonl_reader.h"

#include <utility>

namespace pipeline::sheet {
namespace {

// Without RFC 8259's white space, and the byte order mark and Ctrl-Z that files put one behind the other have in their
// middle.
std::string_view trim(std::string_view text) noexcept {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  constexpr std::string_view kWhiteSpace = " \t\r\n\x1A";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const std::size_t begin = text.find_first_not_of(kWhiteSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kWhiteSpace) + 1 - begin);
}

}  // namespace

JsonlReader::JsonlReader(LineReader& lines, FileEncoding encoding, OverlongSink overlong)
    : lines_(lines), encoding_(std::move(encoding)), overlong_(std::move(overlong)) {}

JsonlReader::Got JsonlReader::next(Row& row) {
  for (;;) {
    lines_.release();
    switch (lines_.next(overlong_)) {
      case LineReader::Got::line:
        if (trim(lines_.line()).empty()) continue;
        return take(row);
      case LineReader::Got::overlong:
        row = {{}, {}, lines_.number(), too_long()};
        return Got::rejected;
      case LineReader::Got::nothing_yet:
        return Got::nothing_yet;
      case LineReader::Got::full:  // never: each line is released before the next
      case LineReader::Got::end:
        return Got::end;
    }
  }
}

JsonlReader::Got JsonlReader::take(Row& row) {
  if (encoding_.must_decide(lines_.line())) {
    const std::string_view ahead = lines_.peek(FileEncoding::kLookAhead + 1);
    encoding_.decide(ahead, lines_.at_end(), lines_.number());
  }
  row.original = lines_.line();
  row.json = trim(row.original);
  row.line = lines_.number();
  row.error.clear();
  if (encoding_.is_utf8_as_it_comes()) return Got::row;
  converted_.clear();
  if (const auto bad = encoding_.append_utf8(row.original, converted_)) {
    row.json = {};
    row.error = encoding_.fault(row.original, row.line, *bad);
    return Got::rejected;
  }
  row.json = trim(converted_);
  return Got::row;
}

Reading JsonlReader::reading() const {
  Reading reading;
  reading.format = "JSON Lines";
  reading.encoding = encoding_.name();
  return reading;
}

}  // namespace pipeline::sheet
