#pragma once

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

// The children of the root as HTML, cut at the pictures.
struct HtmlPieces {
  std::vector<std::string> html;  // one more than pictures
  std::vector<std::size_t> pictures;
};
[[nodiscard]] HtmlPieces write_html(const HtmlNode& root);

}  // namespace pipeline::package
