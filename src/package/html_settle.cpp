#include "html_node.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace pipeline::package {
namespace {

using Holds = ElementRule::Holds;
using Stands = ElementRule::Stands;

bool is_listed(std::string_view names, std::string_view name) noexcept {
  while (!names.empty()) {
    const auto end = std::min(names.find(' '), names.size());
    if (names.substr(0, end) == name) return true;
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return false;
}

bool holds_block(const HtmlNode& node) noexcept {
  return std::ranges::any_of(node.children, [](const HtmlNode& child) {
    return child.is_block() || (child.is_element() && holds_block(child));
  });
}

void rename(HtmlNode& node, const ElementRule& rule) {
  node.rule = &rule;
  std::erase_if(node.attributes, [&](const Attribute& attribute) {
    return attribute.name != "style" && !is_kept(rule, attribute.name, attribute.value);
  });
}

void append_all(std::vector<HtmlNode>& nodes, std::vector<HtmlNode>&& more) {
  nodes.insert(nodes.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

HtmlNode text_node(std::string text) {
  HtmlNode node;
  node.text = std::move(text);
  return node;
}

// What the blocks in a node hold, without them; words of two blocks stay apart.
void flatten(HtmlNode& node) {
  std::vector<HtmlNode> flat;
  for (HtmlNode& child : node.children) {
    flatten(child);
    if (!child.is_block()) {
      flat.push_back(std::move(child));
      continue;
    }
    flat.push_back(text_node(" "));
    append_all(flat, std::move(child.children));
    flat.push_back(text_node(" "));
  }
  node.children = std::move(flat);
}

// Puts each run of children that are no items into an item of its own.
template <typename IsItem>
void wrap_strangers(HtmlNode& list, const ElementRule& item, IsItem is_item) {
  std::vector<HtmlNode> items;
  bool open = false;
  for (HtmlNode& child : list.children) {
    if (is_item(child)) {
      open = false;
    } else if (!child.is_white_space() && !open) {
      items.emplace_back().rule = &item;
      open = true;
    }
    if (open) {
      items.back().children.push_back(std::move(child));
    } else {
      items.push_back(std::move(child));
    }
  }
  list.children = std::move(items);
}

bool is_part_of(const HtmlNode& child, std::string_view parent) noexcept {
  return child.is_element() && child.rule->stands == Stands::part && is_listed(child.rule->within, parent);
}

// A list of definitions begins with a term and ends with what is said of one; others are mere blocks.
void settle_definitions(HtmlNode& list) {
  wrap_strangers(list, definition_rule(), [](const HtmlNode& child) { return is_part_of(child, "dl"); });
  const auto is_term = [](const HtmlNode& child) { return child.is_element() && child.rule->written == "dt"; };
  const auto first = std::ranges::find_if(list.children, &HtmlNode::is_element);
  const auto last = std::ranges::find_if(list.children.rbegin(), list.children.rend(), &HtmlNode::is_element);
  if (first == list.children.end() || (is_term(*first) && !is_term(*last))) return;
  rename(list, div_rule());
  for (HtmlNode& child : list.children)
    if (child.is_element()) rename(child, div_rule());
}

// What a table can't hold stands before it, where a browser shows it.
void move_out_strangers(HtmlNode& table, std::vector<HtmlNode>& before) {
  std::vector<HtmlNode> parts;
  for (HtmlNode& child : table.children) {
    const bool fits = is_part_of(child, table.rule->written) || child.is_white_space();
    (fits ? parts : before).push_back(std::move(child));
  }
  table.children = std::move(parts);
}

// `<p><h2>…</h2></p>` is read as a heading between two paragraphs that nobody wrote. White space alone shows nothing.
bool is_empty_paragraph(const HtmlNode& node) {
  return node.is_element() && node.rule->written == "p" &&
         std::ranges::all_of(node.children, &HtmlNode::is_white_space);
}

void settle(HtmlNode& node, bool in_link) {
  const std::string_view name = node.is_element() ? node.rule->written : std::string_view();
  in_link = in_link || name == "a";
  std::vector<HtmlNode> settled;
  for (HtmlNode& child : node.children) {
    if (child.is_element() && child.rule->stands == Stands::part && !is_part_of(child, name)) rename(child, div_rule());
    settle(child, in_link);
    if (child.is_element() && child.rule->holds == Holds::table_parts) move_out_strangers(child, settled);
    const bool link_in_link = in_link && child.is_element() && child.rule->written == "a";
    const bool around_block =
        child.is_element() && !child.is_block() && child.rule->holds == Holds::phrasing && holds_block(child);
    if (is_empty_paragraph(child)) continue;
    if (link_in_link || around_block) {
      append_all(settled, std::move(child.children));
    } else {
      settled.push_back(std::move(child));
    }
  }
  node.children = std::move(settled);
  if (!node.is_block()) return;

  if (name == "p" && holds_block(node)) rename(node, div_rule());
  switch (node.rule->holds) {
    case Holds::phrasing:
      flatten(node);
      break;
    case Holds::items:
      wrap_strangers(node, item_rule(),
                     [](const HtmlNode& child) { return child.is_block() && child.rule->written == "li"; });
      break;
    case Holds::definitions:
      settle_definitions(node);
      break;
    case Holds::flow:
    case Holds::same_as_parent:
    case Holds::table_parts:
    case Holds::nothing:
      break;
  }
}

}  // namespace

std::size_t levels_of(const HtmlNode& root) {
  std::size_t deepest = 0;
  for (const HtmlNode& child : root.children)
    if (child.is_element()) deepest = std::max(deepest, 1 + levels_of(child));
  return deepest;
}

void settle(HtmlNode& root) {
  settle(root, false);
}

}  // namespace pipeline::package
