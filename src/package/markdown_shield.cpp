#include "markdown_shield.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/text.h"

#include "editor_marks.h"
#include "markdown_flanks.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace pipeline::package {
namespace {

// Around a number: a word of the shield. Noncharacters, of which an author's text has none here.
constexpr std::string_view kOpen = "\uFDD1";
constexpr std::string_view kClose = "\uFDD2";

constexpr std::size_t kLongest = 1'000;  // bytes of a link or a picture

constexpr auto kPictures = std::to_array<std::string_view>(
    {".jpg", ".jpeg", ".jfif", ".png", ".webp", ".gif", ".heic", ".heif", ".avif", ".bmp", ".tif", ".tiff", ".svg"});

bool is_picture_name(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot != name.npos && std::ranges::any_of(kPictures, [&](std::string_view known) {
           return equal_ignoring_case(known, name.substr(dot));
         });
}

// `300` or `300x200`, which Obsidian takes for a size.
bool is_size(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789x") == text.npos;
}

// What stands from here to `end`, on one line. Absent: it does not end.
std::optional<std::string_view> up_to(std::string_view text, std::string_view end) {
  const std::string_view near = text.substr(0, kLongest);
  const std::string_view line = near.substr(0, near.find('\n'));
  const auto at = line.find(end);
  return at == line.npos ? std::nullopt : std::optional(line.substr(0, at));
}

// [[name]], [[name|words]], ![[name]]: `text` begins behind the brackets.
std::optional<Shielded> wiki_link(std::string_view text, bool embeds) {
  const auto inside = up_to(text, "]]");
  if (!inside || trim(*inside, " ").empty() || inside->find('[') != inside->npos) return std::nullopt;
  const std::string_view behind = text.substr(inside->size() + 2, 1);
  if (behind == "(" || behind == "[") return std::nullopt;  // a link whose words are `[1]`
  const auto bar = std::min(inside->find('|'), inside->size());
  std::string_view name = trim(inside->substr(0, bar), " ");
  if (const auto place = name.find('#'); embeds && is_picture_name(name.substr(0, place)))
    name = name.substr(0, place);                   // where the picture stands in the note: ![[front.jpg#center]]
  if (name.ends_with('\\')) name.remove_suffix(1);  // in a table `|` is written `\|`
  const std::string_view words = bar < inside->size() ? trim(inside->substr(bar + 1), " ") : std::string_view();
  Shielded piece{Shielded::Kind::link, {}, std::string(name), std::string(words.empty() ? name : words)};
  if (embeds) {
    piece.kind = is_picture_name(name) ? Shielded::Kind::picture : Shielded::Kind::embed;
    if (piece.kind == Shielded::Kind::picture) piece.name.erase(0, name.rfind('/') + 1);  // its folder among the notes
    piece.words = is_size(words) ? "" : words;
  }
  piece.written = (embeds ? "![[" : "[[") + std::string(*inside) + "]]";
  return piece;
}

// `images/mug (1).jpg` of ![alt](images/mug (1).jpg "title"): the file's name, when CommonMark would not take it; with
// a space it would need pointed brackets. `size`: of all that stands between the parentheses.
std::optional<std::string_view> spaced_name(std::string_view text, std::size_t& size) {
  std::size_t depth = 0;
  std::size_t end = 0;
  for (; end < text.size() && end < kLongest; ++end) {
    if (text[end] == '\n' || text[end] == '<') return std::nullopt;
    if (text[end] == '(') ++depth;
    if (text[end] == ')' && depth-- == 0) break;
  }
  if (end == text.size() || text[end] != ')') return std::nullopt;
  size = end;
  std::string_view name = trim(text.substr(0, end), " ");
  if (const auto title = name.find(" \""); title != name.npos && name.ends_with('"'))
    name = trim(name.substr(0, title), " ");
  return is_picture_name(name) && name.find(' ') != name.npos ? std::optional(name) : std::nullopt;
}

// ![alt](name with a space.jpg): `text` begins behind `![`.
std::optional<Shielded> spaced_picture(std::string_view text) {
  const auto alt = up_to(text, "](");
  if (!alt) return std::nullopt;
  std::size_t size = 0;
  const auto name = spaced_name(text.substr(alt->size() + 2), size);
  if (!name) return std::nullopt;
  return Shielded{Shielded::Kind::picture, "![" + std::string(text.substr(0, alt->size() + 2 + size + 1)),
                  std::string(*name), std::string(*alt)};
}

// %%for myself%%, over lines too, with a space or a line's end around: so `100%%` is none.
std::optional<Shielded> comment(std::string_view text, std::size_t place) {
  const auto is_apart = [&](std::size_t at) {
    return at >= text.size() || text[at] == ' ' || text[at] == '\n' || text[at] == '\r';
  };
  if (place > 0 && !is_apart(place - 1)) return std::nullopt;
  const std::size_t end = text.find("%%", place + 2);
  if (end == text.npos || end - place > 20 * kLongest || !is_apart(end + 2)) return std::nullopt;
  return Shielded{Shielded::Kind::comment, std::string(text.substr(place, end + 2 - place)), {}, {}};
}

class Maker {
 public:
  explicit Maker(std::string_view text) : text_(text), marks_(text) {}

  Shield make() && {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\\' && at_ + 1 < text_.size()) {
        take(2);
      } else if (auto piece = piece_at(c)) {
        const std::size_t size = piece->written.size();
        shield_.markdown += kOpen;
        shield_.markdown += std::to_string(shield_.pieces.size());
        shield_.markdown += kClose;
        shield_.pieces.push_back(std::move(*piece));
        at_ += size;
      } else if (text_.substr(at_).starts_with("<!--")) {
        take_html_comment();
      } else {
        take(1);
      }
    }
    return std::move(shield_);
  }

 private:
  std::optional<Shielded> piece_at(char c) {
    const std::string_view rest = text_.substr(at_);
    std::optional<Shielded> piece;
    if (rest.starts_with("![["))
      piece = wiki_link(rest.substr(3), true);
    else if (rest.starts_with("!["))
      piece = spaced_picture(rest.substr(2));
    else if (rest.starts_with("[["))
      piece = wiki_link(rest.substr(2), false);
    else if (rest.starts_with("%%") && !no_comment_behind())
      piece = comment(text_, at_);
    if (piece || (c != '[' && c != '{' && c != '_' && c != '@')) return piece;
    const auto mark = marks_.at(at_);
    if (!mark) return std::nullopt;
    return Shielded{Shielded::Kind::mark, std::string(rest.substr(0, mark->size)), mark->name, {}};
  }

  bool no_comment_behind() {
    if (last_percent_ == std::string_view::npos) last_percent_ = text_.rfind("%%");
    return at_ >= last_percent_;
  }

  // CommonMark 0.31 ends a comment at the first `-->`; cmark-gfm has none with `--` in it. They are kept apart by
  // marks.
  void take_html_comment() {
    if (comment_end_ != text_.npos && comment_end_ < at_ + 4) comment_end_ = text_.find("-->", at_ + 4);
    const std::size_t end = comment_end_;
    take(4);
    if (end == text_.npos || text_[at_] == '>') return;
    if (text_[at_] == '-') shield_.markdown += kLetterMark;
    while (at_ < end) {
      take(1);
      if (text_[at_ - 1] == '-' && text_[at_] == '-') shield_.markdown += kLetterMark;
    }
    take(3);
  }

  void take(std::size_t bytes) {
    shield_.markdown += text_.substr(at_, bytes);
    at_ += bytes;
  }

  std::string_view text_;
  EditorMarks marks_;
  std::size_t at_ = 0;
  std::size_t comment_end_ = 0;  // of the comment that ends next; npos: none does
  std::size_t last_percent_ = std::string_view::npos;
  Shield shield_;
};

}  // namespace

Shield shield(std::string_view markdown) {
  return Maker(markdown).make();
}

std::optional<Shield::Word> Shield::find(std::string_view text) const {
  const auto at = text.find(kOpen);
  if (at == text.npos) return std::nullopt;
  std::size_t piece = 0;
  const char* const number = text.data() + at + kOpen.size();
  const auto [end, error] = std::from_chars(number, text.data() + text.size(), piece);
  const auto size = static_cast<std::size_t>(end - text.data()) + kClose.size() - at;
  if (error != std::errc() || piece >= pieces.size()) return std::nullopt;
  return Word{at, size, piece};
}

std::string Shield::restored(std::string_view text) const {
  std::string out;
  while (const auto word = find(text)) {
    out += text.substr(0, word->at);
    out += pieces[word->piece].written;
    text.remove_prefix(word->at + word->size);
  }
  return out += text;
}

}  // namespace pipeline::package
