#include "markdown.h"

#include "pipeline/base/characters.h"
#include "pipeline/base/html_text.h"

#include "editor_marks.h"
#include "markdown_flanks.h"
#include "markdown_shield.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <mutex>
#include <set>
#include <utility>

namespace pipeline::package {
namespace {

struct FreeNode {
  void operator()(cmark_node* node) const noexcept { cmark_node_free(node); }
};
using Document = std::unique_ptr<cmark_node, FreeNode>;

struct FreeParser {
  void operator()(cmark_parser* parser) const noexcept { cmark_parser_free(parser); }
};
struct FreeIterator {
  void operator()(cmark_iter* iterator) const noexcept { cmark_iter_free(iterator); }
};
struct FreeText {
  void operator()(char* text) const noexcept { cmark_get_default_mem_allocator()->free(text); }
};

Document parse(std::string_view markdown) {
  // Its tables of extensions and of special characters are one for all threads.
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  cmark_gfm_core_extensions_ensure_registered();
  const std::unique_ptr<cmark_parser, FreeParser> parser(
      cmark_parser_new(CMARK_OPT_FOOTNOTES | CMARK_OPT_STRIKETHROUGH_DOUBLE_TILDE));
  for (const char* extension : {"table", "strikethrough", "autolink"})
    cmark_parser_attach_syntax_extension(parser.get(), cmark_find_syntax_extension(extension));
  cmark_parser_feed(parser.get(), markdown.data(), markdown.size());
  Document document(cmark_parser_finish(parser.get()));
  cmark_consolidate_text_nodes(document.get());
  return document;
}

std::string html_of(cmark_node* document, LineBreaks breaks) {
  const int options = CMARK_OPT_UNSAFE | (breaks == LineBreaks::kept ? CMARK_OPT_HARDBREAKS : 0);
  const std::unique_ptr<char, FreeText> html(cmark_render_html(document, options, nullptr));
  return html.get();
}

// Characters that stand for something here (markdown_flanks.h, markdown_shield.h), and that nobody means.
std::string without_noncharacters(std::string_view markdown) {
  std::string out;
  out.reserve(markdown.size());
  for (const char32_t c : to_characters(markdown)) {
    if (c >= 0xFDD0 && c <= 0xFDEF) continue;
    append_utf8(c == 0x1680 ? U' ' : c, out);
  }
  return out;
}

std::string_view literal_of(cmark_node* node) {
  const char* const literal = cmark_node_get_literal(node);
  return literal == nullptr ? std::string_view() : literal;
}

bool is_text(cmark_node* node) {
  return node != nullptr && cmark_node_get_type(node) == CMARK_NODE_TEXT;
}

bool is_inline(cmark_node* node) {
  return (cmark_node_get_type(node) & CMARK_NODE_TYPE_MASK) == CMARK_NODE_TYPE_INLINE;
}

bool is_line_end(cmark_node* node) {
  return cmark_node_get_type(node) == CMARK_NODE_SOFTBREAK || cmark_node_get_type(node) == CMARK_NODE_LINEBREAK;
}

cmark_node* text_node(std::string_view text) {
  cmark_node* const node = cmark_node_new(CMARK_NODE_TEXT);
  cmark_node_set_literal(node, std::string(text).c_str());
  return node;
}

cmark_node* html_node(const std::string& html) {
  cmark_node* const node = cmark_node_new(CMARK_NODE_HTML_INLINE);
  cmark_node_set_literal(node, html.c_str());
  return node;
}

// Puts another node in its place.
void replace(cmark_node* node, cmark_node* other) {
  cmark_node_replace(node, other);
  cmark_node_free(node);
}

void remove(cmark_node* node) {
  cmark_node_unlink(node);
  cmark_node_free(node);
}

// What a callout without a title is called.
std::string callout_title(std::string_view kind) {
  static constexpr auto kTitles = std::to_array<std::pair<std::string_view, std::string_view>>(
      {{"note", "참고"},     {"info", "정보"},    {"tip", "팁"},         {"hint", "팁"},     {"important", "중요"},
       {"warning", "주의"},  {"caution", "주의"}, {"attention", "주의"}, {"danger", "위험"}, {"error", "위험"},
       {"success", "완료"},  {"check", "완료"},   {"done", "완료"},      {"todo", "할 일"},  {"question", "질문"},
       {"help", "질문"},     {"faq", "질문"},     {"quote", "인용"},     {"cite", "인용"},   {"example", "예시"},
       {"abstract", "요약"}, {"summary", "요약"}, {"tldr", "요약"},      {"bug", "오류"}});
  const std::string small = fold_case(kind);
  const auto* const known = std::ranges::find(kTitles, small, &std::pair<std::string_view, std::string_view>::first);
  return std::string(known == kTitles.end() ? kind : known->second);
}

// Changes the parsed document into one of which the plain renderer writes what the author meant.
class Editor {
 public:
  Editor(cmark_node* document, const Shield& shield, RenderedMarkdown& rendered)
      : document_(document), shield_(shield), rendered_(rendered) {}

  void edit() {
    collect();
    for (const Found& found : blocks_) edit_block(found.node);
    for (const Found& found : inlines_) edit_inline(found);
    for (cmark_node* text : texts_) edit_text(text);
    for (cmark_node* parent : highlighted_) highlight(parent);
    move_footnotes();
    for (cmark_node* paragraph : paragraphs_) drop_if_empty(paragraph);
  }

 private:
  struct Found {
    cmark_node* node;
    bool in_image;
  };

  void collect() {
    const std::unique_ptr<cmark_iter, FreeIterator> walk(cmark_iter_new(document_));
    std::size_t images = 0;
    for (auto event = cmark_iter_next(walk.get()); event != CMARK_EVENT_DONE; event = cmark_iter_next(walk.get())) {
      cmark_node* const node = cmark_iter_get_node(walk.get());
      const bool image = cmark_node_get_type(node) == CMARK_NODE_IMAGE;
      if (event == CMARK_EVENT_EXIT) {
        images -= image ? 1 : 0;
        continue;
      }
      if (is_line_end(node)) continue;
      (is_inline(node) ? inlines_ : blocks_).push_back({node, images > 0});
      images += image ? 1 : 0;
    }
  }

  [[nodiscard]] std::string plain(std::string_view text) const { return shield_.restored(without_flank_marks(text)); }
  void set_literal(cmark_node* node, std::string_view text) { cmark_node_set_literal(node, std::string(text).c_str()); }

  void note(std::string text) {
    auto& notes = rendered_.notes;
    if (std::ranges::find(notes, text) == notes.end()) notes.push_back(std::move(text));
  }

  void edit_block(cmark_node* node) {
    switch (cmark_node_get_type(node)) {
      case CMARK_NODE_CODE_BLOCK:
        set_literal(node, plain(literal_of(node)));
        cmark_node_set_fence_info(node, "");  // the name of a language colours nothing here
        break;
      case CMARK_NODE_HTML_BLOCK:
        set_literal(node, plain(literal_of(node)));
        break;
      case CMARK_NODE_BLOCK_QUOTE:
        callout(node);
        break;
      case CMARK_NODE_ITEM:
        task(node);
        break;
      case CMARK_NODE_PARAGRAPH:
        paragraphs_.push_back(node);
        break;
      case CMARK_NODE_FOOTNOTE_DEFINITION:
        footnotes_.push_back(node);
        break;
      default:
        break;
    }
  }

  void edit_inline(const Found& found) {
    cmark_node* const node = found.node;
    switch (cmark_node_get_type(node)) {
      case CMARK_NODE_TEXT:
        if (found.in_image)
          set_literal(node, plain(literal_of(node)));
        else
          texts_.push_back(node);
        break;
      case CMARK_NODE_CODE:
      case CMARK_NODE_HTML_INLINE:
        set_literal(node, plain(literal_of(node)));
        break;
      case CMARK_NODE_IMAGE:
        cmark_node_set_url(node, plain(cmark_node_get_url(node)).c_str());
        cmark_node_set_title(node, plain(cmark_node_get_title(node)).c_str());
        break;
      case CMARK_NODE_LINK:
        if (!found.in_image) link(node);
        break;
      case CMARK_NODE_FOOTNOTE_REFERENCE:
        if (!found.in_image) replace(node, html_node(fmt::format("<sup>{}</sup>", literal_of(node))));
        break;
      default:
        break;
    }
  }

  // The renderer would encode what an address may well hold; link.cpp has our rules.
  void link(cmark_node* node) {
    note_particle(node);
    const std::string title = plain(cmark_node_get_title(node));
    std::string start = "<a href=\"" + pipeline::html_of(plain(cmark_node_get_url(node)));
    if (!title.empty()) start += "\" title=\"" + pipeline::html_of(title);
    cmark_node_insert_before(node, html_node(start + "\">"));
    while (cmark_node* const child = cmark_node_first_child(node)) cmark_node_insert_before(node, child);
    replace(node, html_node("</a>"));
  }

  // A bare address goes to the next space: in `https://a.example/1를` to the end of the particle.
  void note_particle(cmark_node* link) {
    const std::string url = plain(cmark_node_get_url(link));
    cmark_node* const words = cmark_node_first_child(link);
    if (!is_text(words)) return;
    const std::string shown = without_flank_marks(literal_of(words));
    if (shown != url && "http://" + shown != url) return;
    const std::u32string characters = to_characters(url);
    const auto is_hangul = [](char32_t c) { return c >= 0xAC00 && c <= 0xD7A3; };
    const auto end = std::ranges::find_if_not(characters.rbegin(), characters.rend(), is_hangul);
    if (end == characters.rbegin() || end == characters.rend() || *end >= 0x80 ||
        std::isalnum(static_cast<int>(*end)) == 0)
      return;
    note(fmt::format("has the address {}, which goes on to its last Korean letter: put a space where it ends", url));
  }

  // > [!note] A title
  void callout(cmark_node* quote) {
    cmark_node* const paragraph = cmark_node_first_child(quote);
    if (paragraph == nullptr || cmark_node_get_type(paragraph) != CMARK_NODE_PARAGRAPH) return;
    cmark_node* const first = cmark_node_first_child(paragraph);
    if (!is_text(first)) return;
    const std::string text(literal_of(first));
    const auto end = text.find(']');
    if (!text.starts_with("[!") || end == text.npos || end == 2) return;
    std::string title = text.substr(end + 1);
    if (title.starts_with('+') || title.starts_with('-')) title.erase(0, 1);  // folded or not
    title.erase(0, std::min(title.find_first_not_of(' '), title.size()));
    const std::string kind = text.substr(2, end - 2);
    cmark_node* const strong = cmark_node_new(CMARK_NODE_STRONG);
    cmark_node_insert_before(first, strong);
    cmark_node* next = cmark_node_next(first);
    const bool untitled = title.empty() && (next == nullptr || is_line_end(next));
    set_literal(first, untitled ? callout_title(kind) : title);
    cmark_node_append_child(strong, first);
    for (next = cmark_node_next(strong); next != nullptr && !is_line_end(next); next = cmark_node_next(strong))
      cmark_node_append_child(strong, next);
    if (next != nullptr) replace(next, cmark_node_new(CMARK_NODE_LINEBREAK));
  }

  // - [ ] to do, - [x] done
  void task(cmark_node* item) {
    cmark_node* const paragraph = cmark_node_first_child(item);
    if (paragraph == nullptr || cmark_node_get_type(paragraph) != CMARK_NODE_PARAGRAPH) return;
    cmark_node* const first = cmark_node_first_child(paragraph);
    if (!is_text(first)) return;
    const std::string text(literal_of(first));
    if (text.starts_with("[ ] "))
      set_literal(first, "☐ " + text.substr(4));
    else if (text.starts_with("[x] ") || text.starts_with("[X] "))
      set_literal(first, "☑ " + text.substr(4));
  }

  // Puts nodes in place of the shield's words.
  void edit_text(cmark_node* node) {
    const std::string text = without_flank_marks(literal_of(node));
    std::string_view rest = text;
    while (const auto word = shield_.find(rest)) {
      if (word->at > 0) insert_text(node, rest.substr(0, word->at));
      insert_piece(node, shield_.pieces[word->piece]);
      rest.remove_prefix(word->at + word->size);
    }
    if (!rest.empty()) insert_text(node, rest);
    remove(node);
  }

  void insert_text(cmark_node* before, std::string_view text) {
    cmark_node* const node = text_node(text);
    cmark_node_insert_before(before, node);
    if (text.find("==") != text.npos) highlighted_.insert(cmark_node_parent(node));
  }

  void insert_piece(cmark_node* before, const Shielded& piece) {
    switch (piece.kind) {
      case Shielded::Kind::picture: {
        cmark_node* const image = cmark_node_new(CMARK_NODE_IMAGE);
        cmark_node_set_url(image, without_flank_marks(piece.name).c_str());
        if (!piece.words.empty()) cmark_node_append_child(image, text_node(without_flank_marks(piece.words)));
        cmark_node_insert_before(before, image);
        break;
      }
      case Shielded::Kind::embed:
        note(fmt::format("embeds {}, which is no picture: it is left out", piece.written));
        break;
      case Shielded::Kind::link:
        note(fmt::format("has {}, a link into your own notes: only its words are in the text", piece.written));
        cmark_node_insert_before(before, text_node(piece.words));
        break;
      case Shielded::Kind::comment:
        note("has comments between %%: they are left out");
        break;
      case Shielded::Kind::mark:
        note(note_of_mark(piece.name));
        (void)count_removed(piece.name, rendered_.removed);
        break;
    }
  }

  // ==marked==, also around other inline elements. A mark stands beside what is no space, and is not longer.
  void highlight(cmark_node* parent) {
    struct Mark {
      cmark_node* node;
      bool opens;
      bool closes;
    };
    std::vector<Mark> marks;
    for (cmark_node* node = cmark_node_first_child(parent); node != nullptr; node = cmark_node_next(node)) {
      if (!is_text(node)) continue;
      const std::string text(literal_of(node));
      const std::size_t at = text.find("==");
      if (at == text.npos) continue;
      const std::size_t end = std::min(text.find_first_not_of('=', at), text.size());
      const std::string before = text.substr(0, at);
      const std::string behind = text.substr(end);
      const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
      const bool opens = behind.empty() ? cmark_node_next(node) != nullptr : !is_space(behind.front());
      const bool closes = before.empty() ? cmark_node_previous(node) != nullptr : !is_space(before.back());
      if (!before.empty()) cmark_node_insert_before(node, text_node(before));
      if (!behind.empty()) cmark_node_insert_after(node, text_node(behind));
      set_literal(node, text.substr(at, end - at));
      if (end - at == 2) marks.push_back({node, opens, closes});
    }
    for (std::size_t i = 0; i < marks.size(); ++i) {
      if (!marks[i].opens) continue;
      std::size_t other = i + 1;
      while (other < marks.size() && !marks[other].closes) ++other;
      if (other == marks.size()) break;
      replace(marks[i].node, html_node("<mark>"));
      replace(marks[other].node, html_node("</mark>"));
      i = other;
    }
  }

  // Behind a rule, as a list whose numbers are those in the text.
  void move_footnotes() {
    if (footnotes_.empty()) return;
    cmark_node* const list = cmark_node_new(CMARK_NODE_LIST);
    cmark_node_set_list_type(list, CMARK_ORDERED_LIST);
    cmark_node_set_list_start(list, 1);
    cmark_node_set_list_tight(list, 1);
    for (cmark_node* footnote : footnotes_) {
      cmark_node* const item = cmark_node_new(CMARK_NODE_ITEM);
      while (cmark_node* const child = cmark_node_first_child(footnote)) cmark_node_append_child(item, child);
      cmark_node_append_child(list, item);
      remove(footnote);
    }
    cmark_node_append_child(document_, cmark_node_new(CMARK_NODE_THEMATIC_BREAK));
    cmark_node_append_child(document_, list);
  }

  static void drop_if_empty(cmark_node* paragraph) {
    for (cmark_node* node = cmark_node_first_child(paragraph); node != nullptr; node = cmark_node_next(node)) {
      const bool blank =
          is_line_end(node) || (is_text(node) && literal_of(node).find_first_not_of(" \t") == std::string_view::npos);
      if (!blank) return;
    }
    remove(paragraph);
  }

  cmark_node* document_;
  const Shield& shield_;
  RenderedMarkdown& rendered_;
  std::vector<Found> blocks_;
  std::vector<Found> inlines_;
  std::vector<cmark_node*> texts_;
  std::vector<cmark_node*> paragraphs_;
  std::vector<cmark_node*> footnotes_;
  std::set<cmark_node*> highlighted_;  // parents of texts with `==`
};

// Footnotes that nothing refers to: cmark drops them.
void note_lost_footnotes(std::string_view markdown, std::vector<std::string>& notes) {
  std::size_t left = 1'000;  // that are looked at
  for (std::size_t at = markdown.find("[^"); at != markdown.npos; at = markdown.find("[^", at + 2)) {
    if ((at > 0 && markdown[at - 1] != '\n')) continue;
    if (left-- == 0) return;
    const std::string_view label = markdown.substr(at, std::min(markdown.find(']', at), at + 200) + 1 - at);
    if (!markdown.substr(at + label.size()).starts_with(':')) continue;
    std::size_t used = markdown.find(label);
    while (used == at) used = markdown.find(label, used + label.size());
    if (used == markdown.npos)
      notes.push_back(fmt::format("has a footnote {} that nothing refers to: it is left out", label));
  }
}

}  // namespace

RenderedMarkdown render_markdown(std::string_view markdown, LineBreaks breaks) {
  RenderedMarkdown rendered;
  const Shield shielded = shield(without_noncharacters(markdown));
  const Document document = parse(with_flank_marks(shielded.markdown));
  note_lost_footnotes(shielded.markdown, rendered.notes);
  Editor(document.get(), shielded, rendered).edit();
  rendered.html = html_of(document.get(), breaks);
  return rendered;
}

}  // namespace pipeline::package
