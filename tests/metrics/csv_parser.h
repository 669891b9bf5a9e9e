#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::test {

// A strict reader of RFC 4180 that shares nothing with the writer: every line ends in CRLF, a quote stands only where
// the grammar has one, and what is not quoted has no CR, LF, comma or quote in it. Throws std::runtime_error.
class CsvParser {
 public:
  explicit CsvParser(std::string_view text) : text_(text) {}

  std::vector<std::vector<std::string>> parse() {
    std::vector<std::vector<std::string>> lines;
    while (at_ < text_.size()) lines.push_back(line());
    return lines;
  }

 private:
  std::vector<std::string> line() {
    std::vector<std::string> fields{field()};
    while (next_is(',')) fields.push_back(field());
    if (!next_is('\r') || !next_is('\n')) throw std::runtime_error("a line does not end in CRLF");
    return fields;
  }

  std::string field() {
    std::string value;
    if (!next_is('"')) {
      while (at_ < text_.size() && std::string_view(",\r\n").find(text_[at_]) == std::string_view::npos) {
        if (text_[at_] == '"') throw std::runtime_error("a quote in a field without quotes");
        value += text_[at_++];
      }
      return value;
    }
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '"' && !next_is('"')) return value;
      value += c;
    }
    throw std::runtime_error("a quoted field without an end");
  }

  bool next_is(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace pipeline::test
