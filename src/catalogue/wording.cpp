#include "pipeline/catalogue/wording.h"

#include "pipeline/base/text.h"

#include <fmt/format.h>
#include <simdjson.h>

namespace pipeline::catalogue {
namespace {

// A day of `2026-11-27T…`, else what it is.
std::string_view day_of(std::string_view time) noexcept {
  return is_date(time.substr(0, 10)) ? time.substr(0, 10) : time;
}

}  // namespace

std::string in_words(Column column, std::int64_t number) {
  const std::string_view unit = info(column).unit;
  if (unit.empty()) return std::to_string(number);
  if (unit == "pieces" && number == 0) return "품절";
  const std::string digits = fmt::format("{}{}", number < 0 ? "-" : "",
                                         format_count(static_cast<std::uint64_t>(number < 0 ? -number : number)));
  return digits + (unit == "won" ? "원" : "개");
}

std::string in_words(Column column, std::string_view text) {
  if (column == Column::modified_at) return std::string(day_of(text));
  return std::string(word_of_state(column, text));
}

std::optional<std::string> in_words(Column column, const Product& product) {
  if (column == Column::sku) return product.sku;
  if (column == Column::source) return product.source;
  const ColumnInfo& about = info(column);
  if (about.number != nullptr && product.*about.number) return in_words(column, *(product.*about.number));
  if (about.text != nullptr && product.*about.text && !(product.*about.text)->empty())
    return in_words(column, *(product.*about.text));
  return std::nullopt;
}

std::string change_in_words(std::string_view field, std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::element value;
  if (parser.parse(json.data(), json.size()).get(value) != simdjson::SUCCESS || value.is_null()) return {};
  const auto column = column_of(field);
  if (std::string_view text; value.get(text) == simdjson::SUCCESS)
    return column ? in_words(*column, text) : std::string(text);
  if (std::int64_t number = 0; column && value.get(number) == simdjson::SUCCESS) return in_words(*column, number);
  return std::string(json);
}

}  // namespace pipeline::catalogue
