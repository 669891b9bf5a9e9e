#pragma once

#include "pipeline/package/body.h"

#include "html_rules.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::package {

// A node of the clean body: an element, a text, or the place of a picture.
struct HtmlNode {
  const ElementRule* rule = nullptr;  // of an element
  std::vector<Attribute> attributes;
  std::vector<HtmlNode> children;
  std::string text;
  std::optional<std::size_t> picture;  // Post::images, by index

  [[nodiscard]] bool is_element() const noexcept { return rule != nullptr; }
  [[nodiscard]] bool is_block() const noexcept { return is_element() && rule->stands != ElementRule::Stands::inline_; }
  // Its text is shown as it stands.
  [[nodiscard]] bool is_code() const noexcept {
    return is_element() &&
           (rule->written == "code" || rule->written == "pre" || rule->written == "kbd" || rule->written == "samp");
  }
  [[nodiscard]] bool is_white_space() const noexcept {
    return !is_element() && !picture && text.find_first_not_of(" \t\n\r\f") == std::string::npos;
  }
};

// Elements within elements; what reads a body walks it by recursion.
inline constexpr std::size_t kMostLevels = 100;

[[nodiscard]] std::size_t levels_of(const HtmlNode& root);

// Moves and renames what stands where HTML does not let it stand, so that a browser builds the same tree from the
// written text and a checker finds nothing: an inline element around a paragraph goes and the paragraph stays, text in
// a list becomes an item, a lone <li> a <div>.
void settle(HtmlNode& root);

// Takes the marks of editors (editor_marks.h) out of a body's text, but for code, and adds to what was removed and to
// the notes, which are predicates of the body. False: there were none. What is left may make up new ones.
bool remove_editor_marks(HtmlNode& root, std::vector<Removed>& removed, std::vector<std::string>& notes);

// What stands in the text of a cleaned body and looks like markup that nothing understood: `**`, `![…](…)`, `##제목`,
// the line below a table's head. A predicate for each kind, with the words around the first of it; code is not looked
// at.
[[nodiscard]] std::vector<std::string> leftover_marks(const HtmlNode& root);

// The children of the root as HTML, cut at the pictures.
struct HtmlPieces {
  std::vector<std::string> html;  // one more than pictures
  std::vector<std::size_t> pictures;
};
[[nodiscard]] HtmlPieces write_html(const HtmlNode& root);

}  // namespace pipeline::package
