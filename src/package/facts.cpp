#include "facts.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/text.h"
#include "pipeline/catalogue/columns.h"

#include <array>
#include <utility>

namespace pipeline::package {
namespace {

using catalogue::Column;

// What the catalogue says in a package, in this order: proofs that are packed already rest on it.
constexpr std::array kFacts = {Column::name,
                               Column::brand,
                               Column::manufacturer,
                               Column::category_name,
                               Column::sale_price,
                               Column::discounted_price,
                               Column::status,
                               Column::seller_management_code,
                               Column::origin_product_no,
                               Column::channel_product_no};
// Those that an author's fact may state as well, by the column's name, its Korean label or another word for it.
constexpr std::array kStated = {Column::name,
                                Column::brand,
                                Column::manufacturer,
                                Column::category_name,
                                Column::sale_price,
                                Column::discounted_price,
                                Column::seller_management_code};
constexpr std::array<std::pair<std::string_view, Column>, 2> kOtherWords = {
    {{"제품명", Column::name}, {"정가", Column::sale_price}}};

std::string text_of(const Json& value) {
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  return std::string(trim(text, " \t\n"));
}

std::string digits_of(const Json& value) {
  std::string digits = text_of(value);
  std::erase_if(digits, [](char c) { return !is_digit(c); });
  return digits;
}

}  // namespace

std::vector<CatalogueFact> facts_of(const catalogue::Product& product) {
  std::vector<CatalogueFact> facts;
  for (const Column fact : kFacts) {
    const auto& column = info(fact);
    if (column.text && product.*column.text)
      facts.push_back({std::string(column.name), *(product.*column.text)});
    else if (column.number && product.*column.number)
      facts.push_back({std::string(column.name), *(product.*column.number)});
  }
  return facts;
}

std::string_view column_meant(std::string_view fact_name) noexcept {
  for (const Column stated : kStated)
    if (fact_name == name_of(stated) || fact_name == info(stated).korean) return name_of(stated);
  for (const auto& [word, column] : kOtherWords)
    if (fact_name == word) return name_of(column);
  return {};
}

bool say_the_same(const Json& a, const Json& b) {
  if (a.is_number() || b.is_number()) return digits_of(a) == digits_of(b);
  return equal_ignoring_case(text_of(a), text_of(b));
}

}  // namespace pipeline::package
