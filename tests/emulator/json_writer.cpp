#include "emulator/json_writer.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

namespace pipeline::emulator {

void append_json_text(std::string_view text, std::string& out) {
  out += '"';
  std::size_t done = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
    out += text.substr(done, i - done);
    done = i + 1;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    }
  }
  out += text.substr(done);
  out += '"';
}

void append_number(std::int64_t number, std::string& out) {
  std::array<char, 24> digits;
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

void ObjectWriter::key(std::string_view key) {
  if (members_ > 0) out_ += ',';
  if (members_++ == rotation_) split_ = out_.size();
  out_ += '"';
  out_ += key;
  out_ += "\":";
}

void ObjectWriter::end() {
  if (rotation_ > 0 && members_ > rotation_) {
    out_ += ',';
    const auto at = [this](std::size_t offset) { return out_.begin() + static_cast<std::ptrdiff_t>(offset); };
    std::rotate(at(begin_), at(split_), out_.end());
    out_.pop_back();
  }
  out_ += '}';
}

}  // namespace pipeline::emulator
