#include "editor_marks.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/text.h"

#include "live_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace pipeline::package {
namespace {

constexpr std::size_t kLongestObject = 100'000;  // bytes; a grid of Tistory's pictures has some thousands
constexpr std::size_t kLongestMark = 2'000;
constexpr std::size_t kLongestMarkName = 30;  // of a shortcode
constexpr std::size_t kLongestShown = 40;     // columns of a note

// Shortcodes that may stand alone and without attributes.
constexpr auto kLone = std::to_array<std::string_view>(
    {"toc", "gallery", "playlist", "audio", "video", "caption", "embed", "more", "contact-form", "contact-form-7"});
// Those that go with all that stands between them and their end: it is an address.
constexpr auto kWithContent = std::to_array<std::string_view>({"img", "embed", "video", "audio", "youtube", "vimeo"});

bool is_name(char c) noexcept {
  return is_letter(c) || is_digit(c) || c == '-' || c == '_';
}

std::string_view name_at(std::string_view text, std::size_t from) {
  std::size_t end = from;
  while (end < text.size() && end - from < kLongestMarkName && is_name(text[end])) ++end;
  return end > from && is_letter(text[from]) ? text.substr(from, end - from) : std::string_view();
}

EditorMark named(std::string_view mark) {
  const std::size_t line = mark.find('\n');
  return {mark.size(), line == mark.npos ? shorten(mark, kLongestShown)
                                         : fmt::format("{}…", shorten(mark.substr(0, line), kLongestShown))};
}

// `{: .wide}`, `{#id .wide}`, and behind a picture `{width=50%}`: what stands behind the brace.
bool is_attribute_list(std::string_view inside, bool behind_picture) {
  while (inside.starts_with(' ')) inside.remove_prefix(1);
  if (inside.empty()) return false;
  if (inside.front() == ':') return true;
  if (inside.front() == '#' || inside.front() == '.') return inside.size() > 1 && is_name(inside[1]);
  const std::string_view name = name_at(inside, 0);
  return behind_picture && !name.empty() && inside.substr(name.size()).starts_with('=');
}

}  // namespace

std::string note_of_mark(const std::string& name) {
  return fmt::format("has {}, a mark of its editor: it is left out", name);
}

std::optional<EditorMark> EditorMarks::at(std::size_t place) {
  const std::string_view rest = text_.substr(place);
  if (rest.starts_with('[')) return bracket(place);
  if (rest.starts_with('{')) return brace(place);
  if (rest.starts_with("@[")) return embed(place);
  if (rest.starts_with("_M#]")) return EditorMark{4, "[#M_…_M#]"};
  return std::nullopt;
}

std::optional<EditorMark> EditorMarks::bracket(std::size_t place) {
  const std::string_view rest = text_.substr(place);
  if (rest.starts_with("[##_")) {
    auto mark = until(place, "_##]", kLongestObject);
    const std::string_view kind = rest.substr(0, rest.find_first_of("|_", 4));
    if (mark) mark->name = fmt::format("{}|…_##]", shorten(kind, kLongestShown));
    return mark;
  }
  if (rest.starts_with("[#M_")) {  // [#M_more|less|what is folded_M#]
    const std::size_t first = next("|", place);
    const std::size_t second = first == text_.npos ? first : text_.find('|', first + 1);
    if (second == text_.npos || second - place > kLongestMark) return std::nullopt;
    return EditorMark{second + 1 - place, "[#M_…_M#]"};
  }
  const bool ends = rest.starts_with("[/");
  const std::string_view name = name_at(text_, place + (ends ? 2 : 1));
  if (name.empty()) return std::nullopt;
  const std::size_t close = next("]", place);
  if (close == text_.npos || close - place > kLongestMark) return std::nullopt;
  const std::string_view mark = text_.substr(place, close + 1 - place);
  const std::string_view behind = mark.substr(name.size() + (ends ? 2 : 1));  // the name
  if (ends) return behind == "]" ? std::optional(named(mark)) : std::nullopt;

  // `[S=95]` is text, and `[a "b"](address)` a link.
  const bool spaced = behind.starts_with(' ');
  const bool quoted = spaced && (behind.find("=\"") != behind.npos || behind.find("='") != behind.npos);
  if (!spaced && !behind.starts_with('=') && behind != "]" && behind != "/]") return std::nullopt;
  if (const std::string_view next_to = text_.substr(close + 1, 1); next_to == "(" || next_to == ":")
    return std::nullopt;
  const std::string end = fmt::format("[/{}]", name);
  const std::size_t ends_at = next(end, place);
  const bool has_end = ends_at != text_.npos && ends_at - place <= kLongestObject;
  if (has_end && is_one_of(name, kWithContent))
    return EditorMark{ends_at + end.size() - place, fmt::format("[{}]", name)};
  if (has_end || quoted || is_one_of(name, kLone)) return named(mark);
  return std::nullopt;
}

// @[youtube](dQw4w9WgXcQ), as velog embeds what is elsewhere.
std::optional<EditorMark> EditorMarks::embed(std::size_t place) {
  const std::string_view name = name_at(text_, place + 2);
  const std::size_t open = place + 2 + name.size();
  if (name.empty() || text_.substr(open, 2) != "](") return std::nullopt;
  const std::size_t close = next(")", open);
  const std::size_t line = next("\n", open);
  if (close == text_.npos || close > line || close - place > kLongestMark) return std::nullopt;
  return named(text_.substr(place, close + 1 - place));
}

std::optional<EditorMark> EditorMarks::brace(std::size_t place) {
  const std::string_view rest = text_.substr(place);
  if (begins_with_live_value(rest)) return std::nullopt;
  if (rest.starts_with("{{")) return until(place, "}}", kLongestMark);
  if (rest.starts_with("{%")) return until(place, "%}", kLongestMark);
  const std::size_t close = next("}", place);
  if (close == text_.npos || close - place > kLongestMark) return std::nullopt;
  const std::string_view mark = text_.substr(place, close + 1 - place);
  const bool list = mark.find('\n') == mark.npos &&
                    is_attribute_list(mark.substr(1, mark.size() - 2), place == 0 || text_[place - 1] == ')');
  return list ? std::optional(named(mark)) : std::nullopt;
}

std::optional<EditorMark> EditorMarks::until(std::size_t place, std::string_view end, std::size_t longest) {
  const std::size_t at = next(end, place);
  if (at == text_.npos || at - place > longest) return std::nullopt;
  return named(text_.substr(place, at + end.size() - place));
}

std::size_t EditorMarks::next(std::string_view what, std::size_t from) {
  const auto known = found_.find(what);
  if (known != found_.end() && known->second >= from) return known->second;
  const std::size_t at = text_.find(what, from);
  if (known == found_.end())
    found_.emplace(what, at);
  else
    known->second = at;
  return at;
}

}  // namespace pipeline::package
