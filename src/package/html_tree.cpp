#include "html_tree.h"

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

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::size_t tags_in(std::string_view html) noexcept {
  std::size_t tags = 0;
  for (std::size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1))
    if (at + 1 < html.size() && is_letter(html[at + 1])) ++tags;
  return tags;
}

// gumbo shows a control character as U+FFFD; nobody meant it.
std::string without_controls(std::string_view html) {
  std::string out;
  out.reserve(html.size());
  for (const char32_t character : to_characters(html))
    if (is_html_character(character) || character == '\r' || character == '\f') append_utf8(character, out);
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

  // nullptr when the memory was too little.
  const GumboNode* parse(const std::string& html) noexcept {
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = take;
    options.deallocator = keep;
    options.userdata = this;
    options.max_errors = 0;
    options.fragment_context = GUMBO_TAG_DIV;
    if (setjmp(full) != 0) return nullptr;
    return gumbo_parse_with_options(&options, html.data(), html.size())->root;
  }
};

HtmlTree::HtmlTree(std::string_view html) : html_(without_controls(html)), arena_(std::make_unique<Arena>()) {
  if (const std::size_t tags = tags_in(html_); tags > kMostTags) {
    objection_ = fmt::format("has {} tags, more than the {} that are read; divide the post", format_count(tags),
                             format_count(kMostTags));
    return;
  }
  root_ = arena_->parse(html_);
  if (root_ == nullptr)
    objection_ = "needs too much memory to be read: close the <b>, <font> and the like where their paragraph ends";
}

HtmlTree::~HtmlTree() = default;

}  // namespace pipeline::package
