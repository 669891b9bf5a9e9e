#include "change_words.h"

#include "pipeline/base/text.h"

#include "morning_words.h"

#include <fmt/format.h>

#include <string_view>

namespace pipeline::cli {
namespace {

constexpr std::size_t kWordsShown = 60;  // columns of a value

std::string in(const Language& language, report::Words words) {
  return language.is_english() ? std::move(words.en) : std::move(words.ko);
}

std::string value_of(std::string_view field, const std::string& json, const Language& language) {
  const std::string words = in(language, value_words(field, json));
  return words.empty() ? in(language, {"없음", "nothing"}) : shorten(words, kWordsShown);
}

}  // namespace

std::string change_words(const catalogue::Change& change, const Language& language) {
  const std::string field =
      in(language, change.field == "product" ? report::Words{"상품", "product"} : field_words(change.field));
  return fmt::format("{} {} → {}", field, value_of(change.field, change.before, language),
                     value_of(change.field, change.after, language));
}

}  // namespace pipeline::cli
