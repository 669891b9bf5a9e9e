#include "html_tree.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/characters.h"
#include "pipeline/base/text.h"

#include <fmt/format.h>
#include <gumbo.h>

#include <algorithm>
#include <csetjmp>
#include <cstddef>
#include <memory_resource>
#include <new>

namespace pipeline::package {
namespace {

// gumbo walks the stack of open elements for every tag, so deep nesting costs the square of the tags: half a second for
// this many. A long post has two thousand.
constexpr std::size_t kMostTags = 20'000;

// Misnested formatting is repeated by the rules of HTML, which can multiply a text by itself. A post of 400 KB takes 6
// MB.
constexpr std::size_t kMostMemory = 64'000'000;

// gumbo compares the attributes of a tag with each other. A tag that an editor filled with data has twenty.
constexpr std::size_t kMostAttributes = 250;

// The text is no fragment to gumbo, as in a fragment it lets no paragraph end a drawing (as HTML once had it), but a
// document whose body has begun.
constexpr std::string_view kBefore = "<!DOCTYPE html><body>";

std::size_t tags_in(std::string_view html) noexcept {
  std::size_t tags = 0;
  for (std::size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1))
    if (at + 1 < html.size() && is_letter(html[at + 1])) ++tags;
  return tags;
}

bool is_html_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

// The end of an attribute, read as HTML reads it (13.2.5.32 and on): a name, and perhaps a value, perhaps in quotes.
std::size_t end_of_attribute(std::string_view html, std::size_t at) noexcept {
  const auto is_end = [](char c) { return is_html_space(c) || c == '>'; };
  ++at;  // a name may begin with `=`
  while (at < html.size() && !is_end(html[at]) && html[at] != '/' && html[at] != '=') ++at;
  std::size_t value = at;
  while (value < html.size() && is_html_space(html[value])) ++value;
  if (value == html.size() || html[value] != '=') return at;
  ++value;
  while (value < html.size() && is_html_space(html[value])) ++value;
  if (value < html.size() && (html[value] == '"' || html[value] == '\''))
    return std::min(html.find(html[value], value + 1), html.size() - 1) + 1;
  while (value < html.size() && !is_end(html[value])) ++value;
  return value;
}

// Of the tag that has most.
std::size_t most_attributes(std::string_view html) noexcept {
  std::size_t most = 0;
  for (std::size_t at = html.find('<'); at < html.size(); at = html.find('<', at)) {
    if (++at == html.size() || !is_letter(html[at])) continue;
    while (at < html.size() && !is_html_space(html[at]) && html[at] != '/' && html[at] != '>') ++at;
    std::size_t attributes = 0;
    while (at < html.size() && html[at] != '>') {
      if (is_html_space(html[at]) || html[at] == '/') {
        ++at;
      } else {
        at = end_of_attribute(html, at);
        ++attributes;
      }
    }
    most = std::max(most, attributes);
  }
  return most;
}

// The first child of an element that has this tag.
const GumboNode* child_of(const GumboNode& parent, GumboTag tag) noexcept {
  const GumboVector& children = parent.v.element.children;
  for (unsigned i = 0; i < children.length; ++i) {
    const auto* const child = static_cast<const GumboNode*>(children.data[i]);
    if (child->type == GUMBO_NODE_ELEMENT && child->v.element.tag == tag) return child;
  }
  return nullptr;
}

// gumbo shows a control character as U+FFFD; nobody meant it. A form feed is white space, and can't be written.
std::string without_controls(std::string_view html) {
  std::string out;
  out.reserve(html.size());
  for (const char32_t character : to_characters(html))
    if (character == '\f')
      out += ' ';
    else if (is_html_character(character) || character == '\r')
      append_utf8(character, out);
  return out;
}

}  // namespace

// All that gumbo asks for, given back at once: gumbo's own way of giving back recurses as deep as the tree is.
struct HtmlTree::Arena {
  std::pmr::monotonic_buffer_resource memory;
  std::size_t left = kMostMemory;
  std::jmp_buf full;

  static void* take(void* self, std::size_t size) noexcept {
    auto& arena = *static_cast<Arena*>(self);
    if (void* const memory = arena.take(size)) return memory;
    std::longjmp(arena.full, 1);  // gumbo does not look for a failure; there is only C between here and setjmp
  }
  static void keep(void* /*self*/, void* /*memory*/) noexcept {}

  void* take(std::size_t size) noexcept {
    if (size > left) return nullptr;
    left -= size;
    try {
      return memory.allocate(std::max<std::size_t>(size, 1));
    } catch (const std::bad_alloc&) {
      return nullptr;
    }
  }

  // The body; nullptr when the memory was too little.
  const GumboNode* parse(const std::string& html) noexcept {
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = take;
    options.deallocator = keep;
    options.userdata = this;
    options.max_errors = 0;
    if (setjmp(full) != 0) return nullptr;
    return child_of(*gumbo_parse_with_options(&options, html.data(), html.size())->root, GUMBO_TAG_BODY);
  }
};

HtmlTree::HtmlTree(std::string_view html)
    : html_(std::string(kBefore) + without_controls(html)), arena_(std::make_unique<Arena>()) {
  const std::string_view text = std::string_view(html_).substr(kBefore.size());
  if (const std::size_t tags = tags_in(text); tags > kMostTags) {
    objection_ = fmt::format("has {} tags, more than the {} that are read; divide the post", format_count(tags),
                             format_count(kMostTags));
    return;
  }
  if (const std::size_t attributes = most_attributes(text); attributes > kMostAttributes) {
    objection_ = fmt::format("has a tag with {} attributes, more than the {} that are read", format_count(attributes),
                             kMostAttributes);
    return;
  }
  root_ = arena_->parse(html_);
  if (root_ == nullptr)
    objection_ = "needs too much memory to be read: close the <b>, <font> and the like where their paragraph ends";
}

HtmlTree::~HtmlTree() = default;

}  // namespace pipeline::package
