#include "json_repair.h"

#include "pipeline/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pipeline::package {
namespace {

constexpr std::string_view kJsonSpace = " \t\r\n";

constexpr std::size_t kMostNamed = 20;

constexpr auto kQuotes = std::to_array<std::string_view>({"“", "”", "„", "‘", "’", "«", "»", "「", "」", "＂"});

// Behind a text that begins here.
std::size_t end_of_string(std::string_view json, std::size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at)
    if (json[at] == '\\') ++at;
  return std::min(at + 1, json.size());
}

// The first typographic quote of the line up to this byte that is not within a text.
std::size_t typographic_quote(std::string_view json, std::size_t byte) {
  std::size_t found = json.npos;
  for (std::size_t at = 0; at < json.size() && at <= byte;) {
    if (json[at] == '\n') found = json.npos;
    if (json[at] == '"') {
      const std::size_t end = end_of_string(json, at);
      // A text that goes on to the next line, or over a field, is one whose end is such a quote.
      const std::string_view text = json.substr(at, end - at);
      const std::size_t stop = std::min(text.find(':'), text.find('\n'));
      for (const std::string_view quote : kQuotes)
        if (stop != text.npos)
          if (const std::size_t in = text.substr(0, stop).rfind(quote); in != text.npos)
            found = std::min(found, at + in);
      at = end;
      continue;
    }
    for (const std::string_view quote : kQuotes)
      if (json.substr(at).starts_with(quote)) found = std::min(found, at);
    ++at;
  }
  return found;
}

}  // namespace

WithoutCommas without_extra_commas(std::string_view json) {
  WithoutCommas out{std::string(json), {}};
  char before = '{';  // what is no white space; a comma first of all is one too many
  for (std::size_t at = 0; at < json.size();) {
    const char c = json[at];
    if (c == '"') {
      at = end_of_string(json, at);
      before = '"';
      continue;
    }
    if (c == ',') {
      const std::size_t next = json.find_first_not_of(kJsonSpace, at + 1);
      const char after = next == json.npos ? '}' : json[next];
      if (after == '}' || after == ']' || after == ',' || before == '{' || before == '[') {
        out.text[at] = ' ';
        if (out.removed.size() < kMostNamed) out.removed.push_back(position_of(json, at));
        ++at;
        continue;
      }
    }
    if (kJsonSpace.find(c) == kJsonSpace.npos) before = c;
    ++at;
  }
  return out;
}

std::string cure_of(std::string_view json, std::size_t byte, std::string_view reason) {
  if (const std::size_t at = typographic_quote(json, byte); at != json.npos) {
    return fmt::format(
        ": the quotation mark {} at {} has to be a straight \"; write the file in a text editor, as a word "
        "processor bends them",
        json.substr(at, utf8_length(json.substr(at))), describe(position_of(json, at)));
  }
  const std::string_view rest = json.substr(std::min(byte, json.size()));
  if (rest.starts_with('\'')) return ": names and texts stand between \", not '";
  if (rest.starts_with("//") || rest.starts_with("/*") || rest.starts_with('#')) return ": JSON has no comments";
  if (reason.find("U+000A") != reason.npos || reason.find("U+000D") != reason.npos)
    return ": a text stands on one line; a line break in it is written \\n, and a \" is written \\\"";
  if (reason.find("forbidden character after backslash") != reason.npos) return ": a \\ in a text is written \\\\";
  if (reason.find("unexpected string literal") != reason.npos)
    return ": a comma is missing before it, or a \" within a text is not written \\\"";
  return {};
}

}  // namespace pipeline::package
