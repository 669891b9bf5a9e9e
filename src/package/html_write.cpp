#include "pipeline/base/html_text.h"

#include "html_node.h"

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
bool begins_with_line_break(const HtmlNode& pre) noexcept {
  return !pre.children.empty() && pre.children.front().text.starts_with('\n');
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
  if (node.rule->written == "pre" && begins_with_line_break(node)) pieces.html.back() += '\n';
  write_children(node, pieces);
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
