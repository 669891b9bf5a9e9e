#include "markdown_flanks.h"

#include "pipeline/base/characters.h"

#include <cstddef>
#include <span>
#include <vector>

namespace pipeline::package {
namespace {

constexpr char32_t kLineBreak = U'\n';
constexpr char32_t kLetter = 0xFDD0;
constexpr char32_t kFlankSpace = 0x1680;
static_assert(kLetterMark.size() == kSpaceMark.size());

bool is_run_character(char32_t c) noexcept {
  return c == U'*' || c == U'_' || c == U'~';
}

// Unicode white space (CommonMark 2.1).
bool is_space(char32_t c) noexcept {
  return c == U' ' || (c >= U'\t' && c <= U'\r') || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
         c == 0x202F || c == 0x205F || c == 0x3000;
}

// What stands beside a run.
struct Side {
  bool space;
  bool punctuation;  // that emphasis does not begin or end at, beside a letter
  bool joins;        // but for this letter: by the amendments one that is CJK
  bool any_mark;     // punctuation of any kind
};

// As cmark-gfm has it: of the symbols only those of ASCII are punctuation.
Side old_side(char32_t c) noexcept {
  const bool mark = is_punctuation(c) || (c < 0x80 && is_symbol(c));
  return {is_space(c), mark, false, mark};
}

Side new_side(char32_t c) noexcept {
  const bool cjk = is_cjk(c) || (c >= 0xE0100 && c <= 0xE01EF);  // a variant of an ideograph
  const bool mark = is_punctuation(c) || is_symbol(c);
  return {is_space(c), mark && !cjk, cjk, mark};
}

// Whether a run can open emphasis, and whether it can close it (CommonMark 6.2).
struct Use {
  bool opens;
  bool closes;
  bool operator==(const Use&) const = default;
};

Use use_of(char32_t run, const Side& before, const Side& after) noexcept {
  const bool left = !after.space && (!after.punctuation || before.space || before.punctuation || before.joins);
  const bool right = !before.space && (!before.punctuation || after.space || after.punctuation || after.joins);
  if (run != U'_') return {left, right};
  return {left && (!right || before.any_mark), right && (!left || after.any_mark)};
}

struct Run {
  char32_t character;
  std::size_t length;
  Use wanted;
  bool differs;  // from what cmark-gfm makes of it
};

// The runs that begin here, right behind each other, each judged by what stands around it.
std::vector<Run> runs_at(std::span<const char32_t> text, std::size_t at) {
  const auto beside = [&](std::size_t place) {
    // What chooses the form of a character belongs to it.
    while (place > 0 && place <= at && text[place - 1] >= 0xFE00 && text[place - 1] <= 0xFE0E) --place;
    return place == 0 ? kLineBreak : text[place - 1];
  };
  std::vector<Run> runs;
  for (std::size_t end = at; end < text.size() && is_run_character(text[end]);) {
    const char32_t c = text[end];
    const std::size_t begin = end;
    while (end < text.size() && text[end] == c) ++end;
    const char32_t left = beside(begin);
    const char32_t right = end == text.size() ? kLineBreak : text[end];
    const Use wanted = use_of(c, new_side(left), new_side(right));
    runs.push_back({c, end - begin, wanted, wanted != use_of(c, old_side(left), old_side(right))});
  }
  return runs;
}

// Both ends of a `_` stand only between punctuation, of which both rules say the same; and `~~~` begins code.
bool can_be_marked(const Run& run) noexcept {
  if (run.character == U'~') return run.length < 3;
  return run.character != U'_' || !run.wanted.opens || !run.wanted.closes;
}

}  // namespace

std::string with_flank_marks(std::string_view markdown) {
  const std::u32string text = to_characters(markdown);
  std::string out;
  out.reserve(markdown.size());
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == U'\\' && at + 1 < text.size()) {
      append_utf8(text[at], out);
      append_utf8(text[at + 1], out);
      at += 2;
      continue;
    }
    const std::vector<Run> runs = runs_at(text, at);
    if (runs.empty()) append_utf8(text[at++], out);
    // The marks of a run are what the next one stands beside: so those in a row are all marked.
    const bool mark_all = runs.size() > 1;
    for (const Run& run : runs) {
      const bool mark = (run.differs || mark_all) && can_be_marked(run);
      if (mark) append_utf8(run.wanted.closes ? kLetter : kFlankSpace, out);
      out.append(run.length, static_cast<char>(run.character));
      if (mark) append_utf8(run.wanted.opens ? kLetter : kFlankSpace, out);
      at += run.length;
    }
  }
  return out;
}

std::string without_flank_marks(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const bool marked = text.starts_with(kLetterMark) || text.starts_with(kSpaceMark);
    if (!marked) out += text.front();
    text.remove_prefix(marked ? kLetterMark.size() : 1);
  }
  return out;
}

}  // namespace pipeline::package
