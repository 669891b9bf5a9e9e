#include "pipeline/base/html_text.h"

#include "html_node.h"

#include <cstddef>

namespace pipeline::package {
namespace {

void write(const HtmlNode& node, HtmlPieces& pieces);

void write_children(const HtmlNode& node, HtmlPieces& pieces) {
  for (const HtmlNode& child : node.children) write(child, pieces);
}

void write_start(const HtmlNode& node, std::string& out) {
  out += '<';
  out += node.rule->written;
  for (const Attribute& attribute : node.attributes) {
    out += ' ' + attribute.name;
    if (attribute.value.empty() && attribute.name == "reversed") continue;
    out += "=\"";
    append_html(attribute.value, out);
    out += '"';
  }
  out += '>';
}

// A line break right behind <pre> is not read, so one that is meant has to be doubled.
void double_line_break(std::string& html, std::size_t behind_tag) {
  if (html.size() > behind_tag && html[behind_tag] == '\n') html.insert(behind_tag, 1, '\n');
}

void write(const HtmlNode& node, HtmlPieces& pieces) {
  if (node.picture) {
    pieces.pictures.push_back(*node.picture);
    pieces.html.emplace_back();
    return;
  }
  if (!node.is_element()) return append_html(node.text, pieces.html.back());
  write_start(node, pieces.html.back());
  if (node.rule->holds == ElementRule::Holds::nothing) return;
  const std::size_t piece = pieces.html.size() - 1;
  const std::size_t behind_tag = pieces.html.back().size();
  write_children(node, pieces);
  if (node.rule->written == "pre") double_line_break(pieces.html[piece], behind_tag);
  pieces.html.back() += "</";
  pieces.html.back() += node.rule->written;
  pieces.html.back() += '>';
}

}  // namespace

HtmlPieces write_html(const HtmlNode& root) {
  HtmlPieces pieces;
  pieces.html.emplace_back();
  write_children(root, pieces);
  return pieces;
}

}  // namespace pipeline::package
