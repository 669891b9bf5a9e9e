#include "pipeline/base/ascii.h"
#include "pipeline/base/characters.h"
#include "pipeline/base/text.h"

#include "html_node.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace pipeline::package {
namespace {

bool is_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_space_at(std::string_view text, std::size_t at) noexcept {
  return at >= text.size() || is_space(text[at]);
}
bool begins_line(std::string_view text, std::size_t at) noexcept {
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t')) --at;
  return at == 0 || text[at - 1] == '\n';
}

// A run of exactly `mark`, as no longer one, which a rule, a mask or a drawing may be, beside a word.
std::size_t run_of(std::string_view text, std::string_view mark) {
  for (std::size_t at = text.find(mark); at != text.npos;) {
    const std::size_t end = std::min(text.find_first_not_of(mark.front(), at), text.size());
    const bool beside_word = !is_space_at(text, end) || (at > 0 && !is_space(text[at - 1]));
    if (end - at == mark.size() && beside_word) return at;
    at = text.find(mark, end);
  }
  return text.npos;
}

// Two runs around something: `~~ so`, or `==`, alone is an author's way to write.
std::size_t pair_of(std::string_view text, std::string_view mark) {
  const std::size_t first = run_of(text, mark);
  if (first == text.npos || is_space_at(text, first + mark.size())) return text.npos;
  return run_of(text.substr(first + mark.size()), mark) == text.npos ? text.npos : first;
}

std::size_t at_line_begin(std::string_view text, std::string_view mark) {
  for (std::size_t at = text.find(mark); at != text.npos; at = text.find(mark, at + mark.size()))
    if (begins_line(text, at)) return at;
  return text.npos;
}

// `##제목`: a heading needs a space. One `#` begins a tag.
std::size_t tight_heading(std::string_view text) {
  for (std::size_t at = text.find("##"); at != text.npos;) {
    const std::size_t end = std::min(text.find_first_not_of('#', at), text.size());
    if (begins_line(text, at) && end - at <= 6 && !is_space_at(text, end)) return at;
    at = text.find("##", end);
  }
  return text.npos;
}

// |---|:-:|
std::size_t delimiter_row(std::string_view text) {
  for (std::size_t at = text.find("--"); at != text.npos; at = text.find("--", at + 1)) {
    const std::size_t line = text.rfind('\n', at) + 1;  // npos + 1 is 0
    const std::string_view row = text.substr(line, text.find('\n', line) - line);
    if (row.find('|') != row.npos && row.find_first_not_of(" \t|:-\r") == row.npos) return line;
    at = line + row.size();
  }
  return text.npos;
}

// `[words](address)`, also of a picture
std::size_t link(std::string_view text) {
  const std::size_t middle = text.find("](");
  if (middle == text.npos) return text.npos;
  const std::size_t begin = text.rfind('[', middle);
  return begin == text.npos ? middle : begin > 0 && text[begin - 1] == '!' ? begin - 1 : begin;
}

// `:smile:`
std::size_t emoji_name(std::string_view text) {
  const auto is_name = [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_'; };
  for (std::size_t at = text.find(':'); at != text.npos; at = text.find(':', at + 1)) {
    std::size_t end = at + 1;
    while (end < text.size() && is_name(text[end])) ++end;
    const bool begins = at == 0 || is_space(text[at - 1]);
    if (begins && end > at + 2 && end < text.size() && text[end] == ':' && text[at + 1] >= 'a') return at;
  }
  return text.npos;
}

bool is_word(char c) noexcept {
  return is_letter(c) || is_digit(c);
}

// ` ^block-id` at the end of a line: a place for Obsidian's links.
std::size_t block_id(std::string_view text) {
  for (std::size_t at = text.find(" ^"); at != text.npos; at = text.find(" ^", at + 1)) {
    std::size_t end = at + 2;
    while (end < text.size() && (is_word(text[end]) || text[end] == '-')) ++end;
    const bool ends_line = end >= text.size() || text[end] == '\n' || text[end] == '\r';
    if (end > at + 2 && ends_line) return at + 1;
  }
  return text.npos;
}

// H~2~O and x^2^: a mark on both sides of few letters, right behind another.
std::size_t low_or_high(std::string_view text, char mark) {
  constexpr std::size_t kLongest = 4;
  for (std::size_t at = text.find(mark, 1); at != text.npos; at = text.find(mark, at + 1)) {
    std::size_t end = at + 1;
    while (end < text.size() && is_word(text[end])) ++end;
    const std::size_t size = end - at - 1;
    if (is_letter(text[at - 1]) && size > 0 && size <= kLongest && end < text.size() && text[end] == mark)
      return at - 1;
  }
  return text.npos;
}
std::size_t low(std::string_view text) {
  return text.empty() ? text.npos : low_or_high(text, '~');
}
std::size_t high(std::string_view text) {
  return text.empty() ? text.npos : low_or_high(text, '^');
}

// $x^2$, on one line and not two prices.
std::size_t formula(std::string_view text) {
  constexpr std::size_t kLongest = 200;
  for (std::size_t at = text.find('$'); at != text.npos; at = text.find('$', at + 1)) {
    if (text.substr(at, 2) == "$$") {  // told by itself
      while (text.substr(at + 1, 1) == "$") ++at;
      continue;
    }
    const std::string_view rest = text.substr(at + 1, kLongest);
    const std::size_t end = rest.find_first_of("$\n");
    if (end == rest.npos || rest[end] != '$' || end == 0) continue;
    const std::string_view inside = rest.substr(0, end);
    if (!is_space(inside.front()) && !is_space(inside.back()) && inside.find_first_of("\\^_{") != inside.npos)
      return at;
  }
  return text.npos;
}

// `[b]` of which the end stands in another element
std::size_t bbcode(std::string_view text) {
  for (const std::string_view mark : {"[b]", "[i]", "[u]", "[url=", "[color=", "[size=", "[center]", "[quote]"})
    if (const std::size_t at = text.find(mark); at != text.npos) return at;
  return text.npos;
}

std::size_t anywhere(std::string_view text, std::string_view mark) {
  return text.find(mark);
}

// Where a kind of mark stands in a text; npos: nowhere.
struct Kind {
  std::string_view shown;
  std::size_t (*find)(std::string_view text, std::string_view shown);
  const char* advice;
};

// Of one that is looked for as it is shown, or in a way of its own.
template <std::size_t (*look)(std::string_view text)>
std::size_t own(std::string_view text, std::string_view /*shown*/) {
  return look(text);
}

constexpr auto kKinds =
    std::to_array<Kind>({{"**", run_of, "put it right beside the first and the last word that it is for"},
                         {"***", run_of, "put it right beside the first and the last word that it is for"},
                         {"__", run_of, "write ** for bold words"},
                         {"~~", pair_of, "put it right beside the first and the last word that it is for"},
                         {"==", pair_of, "put it right beside the first and the last word that it is for"},
                         {"[ ]( )", own<link>, "write an address with spaces as <address>"},
                         {"![", anywhere, "write a picture as ![words](images/name.jpg)"},
                         {"[[", anywhere, "write a link as [words](https://address)"},
                         {"[^", anywhere, "a footnote needs its text, in a line that begins with [^1]:"},
                         {"[!", at_line_begin, "begin the lines of a callout with >"},
                         {"##", own<tight_heading>, "a heading has a space behind its #"},
                         {"|---|", own<delimiter_row>, "a table's head has as many cells as the line below it"},
                         {"```", anywhere, "code begins and ends with a line of ```"},
                         {":::", at_line_begin, "a blog has no boxes of this kind"},
                         {"$$", anywhere, "a blog shows no formulas: write it as text, or as a picture"},
                         {"$ $", own<formula>, "a blog shows no formulas: write it as text, or as a picture"},
                         {"~ ~", own<low>, "write <sub>2</sub>"},
                         {"^ ^", own<high>, "write <sup>2</sup>"},
                         {"^id", own<block_id>, "a blog knows no places of notes: take it out"},
                         {"[b]", own<bbcode>, "a blog knows no BBCode"},
                         {":name:", own<emoji_name>, "put the emoji itself"}});

std::string around(std::string_view text, std::size_t at) {
  constexpr std::size_t kBefore = 12;  // characters
  constexpr std::size_t kColumns = 30;
  std::size_t from = at;
  for (std::size_t left = kBefore; from > 0 && left > 0; --left) {
    --from;
    while (from > 0 && is_continuation(text[from])) --from;
  }
  std::size_t end = std::min(from + 200, text.size());
  while (end < text.size() && is_continuation(text[end])) --end;
  std::string words = shorten(trim_blanks(text.substr(from, end - from)), kColumns);
  std::ranges::replace_if(words, is_space, ' ');
  return words;
}

class Search {
 public:
  void look(const HtmlNode& node) {
    if (!node.is_element()) return add_text(node);
    if (node.is_code()) return;
    if (node.rule->written == "br") text_ += '\n';
    if (node.is_block()) end_text();
    look_at_children(node);
    if (node.is_block()) end_text();
  }

  void look_at_children(const HtmlNode& node) {
    for (const HtmlNode& child : node.children) look(child);
  }

  void end_text() {
    for (std::size_t i = 0; i < kKinds.size(); ++i) {
      if (!found_[i].empty() || text_.empty()) continue;
      if (const std::size_t at = kKinds[i].find(text_, kKinds[i].shown); at != text_.npos)
        found_[i] = around(text_, at);
    }
    text_.clear();
  }

  [[nodiscard]] std::vector<std::string> notes() const {
    std::vector<std::string> notes;
    for (std::size_t i = 0; i < kKinds.size(); ++i)
      if (!found_[i].empty())
        notes.push_back(
            fmt::format("has {} standing in its text, at “{}”: {}", kKinds[i].shown, found_[i], kKinds[i].advice));
    return notes;
  }

 private:
  void add_text(const HtmlNode& node) { text_ += node.picture ? std::string(" ") : node.text; }

  std::string text_;  // of one paragraph
  std::array<std::string, kKinds.size()> found_;
};

}  // namespace

std::vector<std::string> leftover_marks(const HtmlNode& root) {
  Search search;
  search.look_at_children(root);
  search.end_text();
  return search.notes();
}

}  // namespace pipeline::package
