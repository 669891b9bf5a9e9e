#include "live_values.h"

#include "pipeline/base/characters.h"
#include "pipeline/base/spelling.h"
#include "pipeline/catalogue/columns.h"
#include "pipeline/catalogue/wording.h"

#include "post_limits.h"
#include "text_rules.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace pipeline::package {
namespace {

constexpr std::string_view kValueOpen = "{{";
constexpr std::string_view kValueClose = "}}";
constexpr std::size_t kLongestValueName = 120;

// A letter, a digit or one of `- _ . :`; shortcodes of other editors have other signs or spaces in their names.
bool is_of_name(char32_t c) {
  const bool sign = c == U'-' || c == U'_' || c == U'.' || c == U':' || c == U'(' || c == U')';
  return sign || (c >= 0x80 ? !pipeline::is_blank(c) && !is_punctuation(c)
                            : (c >= U'0' && c <= U'9') || (c | 0x20U) - U'a' < 26U);
}

bool is_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(to_characters(name), is_of_name);
}

// The value's own name: what stands behind the product's.
std::string_view field_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == name.npos ? name : name.substr(dot + 1);
}

// A mark of a value: where it begins, and the name in it.
struct Mark {
  std::size_t begin;
  std::size_t size;
  std::string_view name;
  bool is_closed = true;
};

// The one whose braces open here. No further than a name can be is looked for their end.
std::optional<Mark> mark_at(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at + kValueOpen.size(), kLongestValueName);
  const std::size_t end = rest.find(kValueClose);
  if (end == rest.npos) return std::nullopt;
  const std::string_view name = trim_blanks(rest.substr(0, end));
  if (!is_name(name)) return std::nullopt;
  return Mark{at, kValueOpen.size() + end + kValueClose.size(), name};
}

// One that its author has not closed, or not with two braces: they open before the name of a value.
std::optional<Mark> open_mark_at(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at + kValueOpen.size(), kLongestValueName);
  const std::size_t begin = std::min(rest.find_first_not_of(' '), rest.size());
  std::string name;
  for (const char32_t c : to_characters(rest.substr(begin))) {
    if (!is_of_name(c)) break;
    append_utf8(c, name);
  }
  if (name.empty() || !catalogue::column_of_header(field_of(name))) return std::nullopt;
  const std::size_t end = begin + name.size();
  const std::size_t size = kValueOpen.size() + end + (rest.substr(end).starts_with('}') ? 1 : 0);
  return Mark{at, size, rest.substr(begin, name.size()), false};
}

std::optional<Mark> any_mark_at(std::string_view text, std::size_t at) {
  auto mark = mark_at(text, at);
  return mark ? mark : open_mark_at(text, at);
}

// The first at or behind `from`.
std::optional<Mark> next_mark(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find(kValueOpen, from); at != text.npos; at = text.find(kValueOpen, at + 1))
    if (auto mark = any_mark_at(text, at)) return mark;
  return std::nullopt;
}

std::string unknown(std::string_view name) {
  static const std::vector<std::string> kKnown = [] {
    std::vector<std::string> known;
    for (const auto& column : catalogue::kColumns)
      for (const std::string_view called : {column.name, column.korean}) known.emplace_back(called);
    return known;
  }();
  const std::string meant = nearest_name(name, kKnown);
  if (meant.empty())
    return "is no value of a product; values are {{판매가}}, {{할인가}}, {{재고수량}}, {{상품명}} and the like";
  return fmt::format("is no value of a product; did you mean {{{{{}}}}}?", meant);
}

}  // namespace

bool begins_with_live_value(std::string_view text) {
  return text.starts_with(kValueOpen) && any_mark_at(text, 0).has_value();
}

std::string_view first_live_value(std::string_view text) {
  const auto mark = next_mark(text, 0);
  return mark ? text.substr(mark->begin, mark->size) : std::string_view();
}

LiveValues::Value LiveValues::value_of(std::string_view name) const {
  const std::size_t dot = name.rfind('.');
  const std::string_view product = dot == name.npos ? std::string_view() : name.substr(0, dot);
  const std::string_view field = field_of(name);
  const auto column = catalogue::column_of_header(field);
  if (!column) return {{}, unknown(field)};
  if (!product.empty() && std::ranges::find(names_, product) == names_.end())
    return {{}, fmt::format("names {}, which is no product of the post ({})", product, fmt::join(names_, ", "))};
  if (products_.empty()) return {std::string(info(*column).korean), {}};
  if (product.empty() && products_.size() > 1)
    return {{},
            fmt::format("may be of any of the post's {} products: write {{{{{}.{}}}}}", products_.size(),
                        names_.front(), field)};
  const auto number =
      product.empty() ? 0 : static_cast<std::size_t>(std::ranges::find(names_, product) - names_.begin());
  if (auto text = in_words(*column, products_[number])) return {std::move(*text), {}};
  return {{}, fmt::format("is empty: the catalogue has no {} of {}", info(*column).korean, names_[number])};
}

std::string LiveValues::fill(std::string_view text, const Tell& tell) const {
  std::string out;
  std::size_t done = 0;
  while (const auto mark = next_mark(text, done)) {
    out += text.substr(done, mark->begin - done);
    const std::string_view written = text.substr(mark->begin, mark->size);
    Value value =
        mark->is_closed ? value_of(mark->name) : Value{{}, fmt::format("is not closed: write {{{{{}}}}}", mark->name)};
    out += value.objection.empty() ? std::string_view(value.text) : written;
    if (!value.objection.empty()) tell(written, std::move(value.objection));
    done = mark->begin + mark->size;
  }
  return out += text.substr(done);
}

void LiveValues::fill(Post& post, std::vector<Fault>& faults) const {
  const auto fill_in = [&](std::string& text, const std::string& place) {
    text = fill(text, [&](std::string_view written, std::string objection) {
      faults.push_back({place, fmt::format("{} {}", written, objection)});
    });
  };
  fill_in(post.title, "$.title");
  if (const auto length = count_characters(post.title); length > kLongestTitle)
    faults.push_back(
        {"$.title", fmt::format("has {} characters with its values; at most {} are taken", length, kLongestTitle)});
  fill_in(post.disclosure.text, "$.disclosure.text");
  for (PostImage& image : post.images) fill_in(image.alt, image.alt_place);
  if (post.cta) fill_in(post.cta->text, "$.cta.text");
  for (std::size_t i = 0; i < post.faq.size(); ++i) {
    fill_in(post.faq[i].question, fmt::format("$.faq[{}].question", i));
    fill_in(post.faq[i].answer, fmt::format("$.faq[{}].answer", i));
  }
  refuse_elsewhere(post, faults);
}

// Where none is filled none may stand: it would be published as it is written.
void LiveValues::refuse_elsewhere(const Post& post, std::vector<Fault>& faults) {
  const auto refuse = [&](std::string_view text, std::string place) {
    if (const std::string_view found = first_live_value(text); !found.empty())
      faults.push_back({std::move(place), fmt::format("{} {}", found, kNotFilledHere)});
  };
  if (post.cta) refuse(post.cta->url, "$.cta.url");
  for (std::size_t i = 0; i < post.tags.size(); ++i) refuse(post.tags[i], fmt::format("$.tags[{}]", i));
  for (const Post::Fact& fact : post.facts) refuse(fact.value, fact.place);
}

}  // namespace pipeline::package
