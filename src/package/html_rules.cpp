#include "html_rules.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/text.h"

#include <algorithm>
#include <array>

namespace pipeline::package {
namespace {

using Stands = ElementRule::Stands;
using Holds = ElementRule::Holds;

constexpr auto kBlock = Stands::block;
constexpr auto kInline = Stands::inline_;
constexpr auto kPart = Stands::part;

constexpr ElementRule kDiv = {"div", "div", kBlock, Holds::flow};
constexpr ElementRule kLi = {"li", "li", kPart, Holds::flow, "ul ol"};
constexpr ElementRule kDd = {"dd", "dd", kPart, Holds::flow, "dl"};

constexpr auto kRules = std::to_array<ElementRule>({
    kDiv,
    kLi,
    kDd,
    {"p", "p", kBlock, Holds::phrasing},
    {"h1", "h1", kBlock, Holds::phrasing},
    {"h2", "h2", kBlock, Holds::phrasing},
    {"h3", "h3", kBlock, Holds::phrasing},
    {"h4", "h4", kBlock, Holds::phrasing},
    {"h5", "h5", kBlock, Holds::phrasing},
    {"h6", "h6", kBlock, Holds::phrasing},
    {"hr", "hr", kBlock, Holds::nothing},
    {"pre", "pre", kBlock, Holds::phrasing},
    {"listing", "pre", kBlock, Holds::phrasing},
    {"plaintext", "pre", kBlock, Holds::phrasing},
    {"xmp", "pre", kBlock, Holds::phrasing},
    {"blockquote", "blockquote", kBlock, Holds::flow},
    {"figure", "figure", kBlock, Holds::flow},
    {"figcaption", "figcaption", kPart, Holds::flow, "figure"},
    {"ul", "ul", kBlock, Holds::items},
    {"ol", "ol", kBlock, Holds::items},
    {"menu", "ul", kBlock, Holds::items},
    {"dir", "ul", kBlock, Holds::items},
    {"dl", "dl", kBlock, Holds::definitions},
    {"dt", "dt", kPart, Holds::phrasing, "dl"},
    {"table", "table", kBlock, Holds::table_parts},
    {"caption", "caption", kPart, Holds::phrasing, "table"},
    {"thead", "thead", kPart, Holds::table_parts, "table"},
    {"tbody", "tbody", kPart, Holds::table_parts, "table"},
    {"tfoot", "tfoot", kPart, Holds::table_parts, "table"},
    {"tr", "tr", kPart, Holds::table_parts, "thead tbody tfoot"},
    {"td", "td", kPart, Holds::flow, "tr"},
    {"th", "th", kPart, Holds::flow, "tr"},

    // Divisions of a page: a post is one of them, and an editor of posts makes nothing of them.
    {"address", "div", kBlock, Holds::flow},
    {"article", "div", kBlock, Holds::flow},
    {"aside", "div", kBlock, Holds::flow},
    {"center", "div", kBlock, Holds::flow},
    {"details", "div", kBlock, Holds::flow},
    {"fieldset", "div", kBlock, Holds::flow},
    {"footer", "div", kBlock, Holds::flow},
    {"form", "div", kBlock, Holds::flow},
    {"header", "div", kBlock, Holds::flow},
    {"hgroup", "div", kBlock, Holds::flow},
    {"main", "div", kBlock, Holds::flow},
    {"nav", "div", kBlock, Holds::flow},
    {"section", "div", kBlock, Holds::flow},
    {"summary", "div", kBlock, Holds::flow},

    {"a", "a", kInline, Holds::same_as_parent},
    {"abbr", "abbr", kInline, Holds::phrasing},
    {"acronym", "abbr", kInline, Holds::phrasing},
    {"b", "b", kInline, Holds::phrasing},
    {"bdi", "bdi", kInline, Holds::phrasing},
    {"br", "br", kInline, Holds::nothing},
    {"cite", "cite", kInline, Holds::phrasing},
    {"code", "code", kInline, Holds::phrasing},
    {"del", "del", kInline, Holds::same_as_parent},
    {"dfn", "dfn", kInline, Holds::phrasing},
    {"em", "em", kInline, Holds::phrasing},
    {"i", "i", kInline, Holds::phrasing},
    {"ins", "ins", kInline, Holds::same_as_parent},
    {"kbd", "kbd", kInline, Holds::phrasing},
    {"mark", "mark", kInline, Holds::phrasing},
    {"q", "q", kInline, Holds::phrasing},
    {"s", "s", kInline, Holds::phrasing},
    {"samp", "samp", kInline, Holds::phrasing},
    {"small", "small", kInline, Holds::phrasing},
    {"span", "span", kInline, Holds::phrasing},
    {"strike", "s", kInline, Holds::phrasing},
    {"strong", "strong", kInline, Holds::phrasing},
    {"sub", "sub", kInline, Holds::phrasing},
    {"sup", "sup", kInline, Holds::phrasing},
    {"tt", "code", kInline, Holds::phrasing},
    {"u", "u", kInline, Holds::phrasing},
    {"var", "var", kInline, Holds::phrasing},
    {"wbr", "wbr", kInline, Holds::nothing},
});

constexpr auto kGoneWithContent = std::to_array<std::string_view>({
    "applet",  "area",     "audio",    "base",     "canvas",   "col",    "colgroup", "datalist", "embed",
    "frame",   "frameset", "head",     "iframe",   "input",    "link",   "map",      "math",     "meta",
    "noembed", "noframes", "noscript", "object",   "optgroup", "option", "param",    "script",   "select",
    "source",  "style",    "svg",      "template", "textarea", "title",  "track",    "video",
});

constexpr auto kAlignments = std::to_array<std::string_view>({"left", "right", "center", "justify"});

bool is_one_of(std::string_view value, std::initializer_list<std::string_view> values) noexcept {
  return std::ranges::any_of(values, [&](std::string_view each) { return equal_ignoring_case(each, value); });
}

bool is_number(std::string_view value, int least, int most) noexcept {
  const auto number = parse_number<int>(value);
  return number && *number >= least && *number <= most;
}

// A language tag as far as its shape goes (RFC 5646): ko, en-US, zh-Hant-TW.
bool is_language(std::string_view value) noexcept {
  std::size_t length = 0;
  bool first = true;
  for (const char c : value) {
    if (c == '-') {
      if (length < (first ? 2U : 1U)) return false;
      first = false;
      length = 0;
    } else if (!is_letter(c) && (first || !is_digit(c))) {
      return false;
    } else if (++length > 8) {
      return false;
    }
  }
  return length >= (first ? 2U : 1U);
}

}  // namespace

const ElementRule* rule_of(std::string_view element) noexcept {
  const auto* const rule = std::ranges::find(kRules, element, &ElementRule::found);
  return rule == kRules.end() ? nullptr : rule;
}

const ElementRule& div_rule() noexcept {
  return kDiv;
}
const ElementRule& item_rule() noexcept {
  return kLi;
}
const ElementRule& definition_rule() noexcept {
  return kDd;
}

bool goes_with_content(std::string_view element) noexcept {
  return std::ranges::find(kGoneWithContent, element) != kGoneWithContent.end();
}

bool is_kept(const ElementRule& rule, std::string_view name, std::string_view value) noexcept {
  if (name == "title") return true;
  if (name == "lang") return is_language(value);
  if (name == "dir") return is_one_of(value, {"ltr", "rtl", "auto"});
  const std::string_view element = rule.written;
  if (element == "a" && name == "rel") return true;
  if (element == "a" && name == "target")
    return !value.empty() && (!value.starts_with('_') || is_one_of(value, {"_blank", "_self", "_parent", "_top"}));
  if (element == "ol" && name == "start") return is_number(value, -999'999, 999'999);
  if (element == "ol" && name == "reversed") return true;
  if (element == "ol" && name == "type")
    return value == "1" || value == "a" || value == "A" || value == "i" || value == "I";
  if (element == "li" && name == "value") return is_number(value, -999'999, 999'999);
  if (element == "th" && name == "scope") return is_one_of(value, {"row", "col", "rowgroup", "colgroup"});
  const bool cell = element == "td" || element == "th";
  if (cell && (name == "colspan" || name == "rowspan")) return is_number(value, 1, 1000);
  return false;
}

std::string alignment(std::string_view value) {
  const std::string_view wanted = trim(value, " \t\n\r\f");
  const auto* const found =
      std::ranges::find_if(kAlignments, [&](std::string_view each) { return equal_ignoring_case(each, wanted); });
  return found == kAlignments.end() ? std::string() : std::string(*found);
}

bool is_alignable(const ElementRule& rule) noexcept {
  return rule.stands != Stands::inline_ && rule.holds != Holds::nothing && rule.written != "table";
}

}  // namespace pipeline::package
