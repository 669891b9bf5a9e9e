#include "html_cleaner.h"

#include "pipeline/base/text.h"

#include "file_names.h"
#include "html_tree.h"
#include "link.h"

#include <fmt/format.h>
#include <gumbo.h>

#include <algorithm>
#include <utility>

namespace pipeline::package {
namespace {

constexpr std::size_t kLongestName = 40;  // columns of an element's or address's name in a report
constexpr std::string_view kAlign = "text-align";

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return out;
}

std::string name_of(const GumboElement& element) {
  if (element.tag != GUMBO_TAG_UNKNOWN) return gumbo_normalized_tagname(element.tag);
  GumboStringPiece name = element.original_tag;
  gumbo_tag_from_original_text(&name);
  return name.data == nullptr ? std::string() : lower({name.data, name.length});
}

std::string shown(std::string_view name) {
  return fmt::format("<{}>", shorten(name, kLongestName));
}

template <typename T, typename Visit>
void for_each(const GumboVector& vector, Visit visit) {
  for (unsigned i = 0; i < vector.length; ++i) visit(*static_cast<const T*>(vector.data[i]));
}

// The children of `from` still to be read, and the clean element they belong to.
struct Level {
  const GumboVector* from;
  unsigned next;
  HtmlNode* into;
};

class Cleaner {
 public:
  explicit Cleaner(std::span<const PostImage> images) : finder_(images), placed_(images.size()) {
    clean_.alts.resize(images.size());
  }

  CleanHtml clean(std::string_view html) && {
    const HtmlTree tree(html);
    if (tree.root() == nullptr) {
      clean_.faults.push_back(tree.objection());
      return std::move(clean_);
    }
    // A pointer to a node stays good: only the last child of each level grows.
    levels_.push_back({&tree.root()->v.element.children, 0, &clean_.root});
    while (!levels_.empty() && !too_deep_) step();
    if (too_deep_) {
      clean_.root.children.clear();
      clean_.faults.push_back(too_deep());
    }
    return std::move(clean_);
  }

 private:
  void step() {
    Level& level = levels_.back();
    if (level.next == level.from->length) {
      levels_.pop_back();
      return;
    }
    const auto& node = *static_cast<const GumboNode*>(level.from->data[level.next++]);
    HtmlNode& into = *level.into;
    if ((node.parse_flags & GUMBO_INSERTION_FROM_ISINDEX) != 0)
      return removed("<isindex>");  // with words of gumbo's own
    switch (node.type) {
      case GUMBO_NODE_TEXT:
      case GUMBO_NODE_WHITESPACE:
        into.children.emplace_back().text = node.v.text.text;
        break;
      case GUMBO_NODE_ELEMENT:
        element(node.v.element, into);
        break;
      case GUMBO_NODE_COMMENT:
      case GUMBO_NODE_CDATA:
        removed("comment");
        break;
      case GUMBO_NODE_TEMPLATE:
        removed("<template>");
        break;
      case GUMBO_NODE_DOCUMENT:
        break;
    }
  }

  void element(const GumboElement& element, HtmlNode& into) {
    const std::string name = name_of(element);
    // A form in a table, which has no content there.
    const bool empty_form = element.tag == GUMBO_TAG_FORM && element.children.length == 0;
    if (element.tag_namespace != GUMBO_NAMESPACE_HTML || goes_with_content(name) || empty_form) {
      removed(shown(name));
      return;
    }
    if (element.tag == GUMBO_TAG_IMG) {
      picture(element, into);
      return;
    }
    const ElementRule* const rule = rule_of(name);
    HtmlNode* inside = &into;
    if (rule == nullptr) {
      removed(shown(name));
    } else {
      inside = keep(element, *rule, into);
    }
    if (levels_.size() > kMostLevels) too_deep_ = true;
    levels_.push_back({&element.children, 0, inside});
  }

  // The clean element, or `into` when nothing is left of it: a link that leads nowhere.
  HtmlNode* keep(const GumboElement& element, const ElementRule& rule, HtmlNode& into) {
    HtmlNode node;
    node.rule = &rule;
    std::string align = rule.found == "center" ? "center" : std::string();
    for_each<GumboAttribute>(element.attributes, [&](const GumboAttribute& attribute) {
      const std::string name = lower(attribute.name);
      if (rule.written == "a" && name == "href") {
        link(attribute.value, node);
      } else if (is_kept(rule, name, attribute.value)) {
        node.attributes.push_back({name, attribute.value});
      } else if (is_alignable(rule) && name == "align" && !alignment(attribute.value).empty()) {
        align = alignment(attribute.value);
      } else if (is_alignable(rule) && name == "style") {
        style(attribute.value, rule, align);
      } else {
        removed(fmt::format("{} of {}", shorten(name, kLongestName), shown(rule.found)));
      }
    });
    if (!align.empty()) node.attributes.push_back({"style", fmt::format("{}: {}", kAlign, align)});
    if (rule.written == "a" && std::ranges::find(node.attributes, "href", &Attribute::name) == node.attributes.end())
      return &into;
    return &into.children.emplace_back(std::move(node));
  }

  void link(std::string_view written, HtmlNode& node) {
    Link link = read_link(written);
    switch (link.kind) {
      case Link::Kind::good:
        node.attributes.push_back({"href", std::move(link.address)});
        break;
      case Link::Kind::script:
        removed(fmt::format("{}: link", link.scheme));
        break;
      case Link::Kind::fragment:
        removed("link to a place on the page");
        break;
      case Link::Kind::unusable:
        clean_.faults.push_back(fmt::format(
            "has a link to {:?}, which leads nowhere from a blog; begin it with http://, https://, mailto: or "
            "tel:",
            shorten(link.address, kLongestName)));
        break;
    }
  }

  // Of a style only the alignment stays: colours and sizes are the blog's.
  void style(std::string_view declarations, const ElementRule& rule, std::string& align) {
    while (!declarations.empty()) {
      const auto end = std::min(declarations.find(';'), declarations.size());
      const std::string_view declaration = declarations.substr(0, end);
      declarations.remove_prefix(std::min(end + 1, declarations.size()));
      if (declaration.find_first_not_of(" \t\n\r\f") == std::string_view::npos) continue;
      const auto colon = declaration.find(':');
      std::string property = lower(declaration.substr(0, colon));
      std::erase_if(property, [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; });
      const std::string value = colon == std::string_view::npos ? "" : alignment(declaration.substr(colon + 1));
      if (property == kAlign && !value.empty()) {
        align = value;
      } else {
        removed(fmt::format("style of {}", shown(rule.found)));
      }
    }
  }

  void picture(const GumboElement& element, HtmlNode& into) {
    for_each<GumboAttribute>(element.attributes, [&](const GumboAttribute& attribute) {
      if (lower(attribute.name).starts_with("on"))
        removed(fmt::format("{} of <img>", shorten(lower(attribute.name), kLongestName)));
    });
    const std::string src = attribute_of(element, "src");
    const auto image = finder_.find(src);
    if (!image) {
      clean_.faults.push_back(src.empty() ? "has an <img> without src"
                                          : fmt::format("shows {:?}, which is no picture of the post{}",
                                                        shorten(shown_name(src), 100), finder_.suggestion(src)));
      return;
    }
    if (placed_[*image]) {
      removed("<img> of a picture that stands above");
      return;
    }
    placed_[*image] = true;
    clean_.alts[*image] = attribute_of(element, "alt");
    into.children.emplace_back().picture = *image;
  }

  static std::string attribute_of(const GumboElement& element, const char* name) {
    const GumboAttribute* const attribute = gumbo_get_attribute(&element.attributes, name);
    return attribute == nullptr ? std::string() : attribute->value;
  }

  void removed(std::string what) {
    const auto known = std::ranges::find(clean_.removed, what, &Removed::what);
    if (known != clean_.removed.end()) {
      ++known->count;
    } else {
      clean_.removed.push_back({std::move(what), 1});
    }
  }

  ImageFinder finder_;
  std::vector<bool> placed_;
  CleanHtml clean_;
  std::vector<Level> levels_;
  bool too_deep_ = false;
};

}  // namespace

std::string too_deep() {
  return fmt::format("has elements within elements, more than {} deep", kMostLevels);
}

CleanHtml clean_html(std::string_view html, std::span<const PostImage> images) {
  return Cleaner(images).clean(html);
}

}  // namespace pipeline::package
