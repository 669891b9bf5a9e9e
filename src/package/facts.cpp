#include "facts.h"

#include "pipeline/base/text.h"

#include <algorithm>
#include <array>
#include <optional>

namespace pipeline::package {
namespace {

struct Meaning {
  std::string_view name;
  std::string_view column;
};

constexpr auto kMeanings = std::to_array<Meaning>({
    {"상품명", "name"},
    {"제품명", "name"},
    {"브랜드", "brand"},
    {"제조사", "manufacturer"},
    {"카테고리", "category_name"},
    {"판매가", "sale_price"},
    {"정가", "sale_price"},
    {"할인가", "discounted_price"},
    {"판매자코드", "seller_management_code"},
    {"name", "name"},
    {"brand", "brand"},
    {"manufacturer", "manufacturer"},
    {"category_name", "category_name"},
    {"sale_price", "sale_price"},
    {"discounted_price", "discounted_price"},
    {"seller_management_code", "seller_management_code"},
});

template <typename T>
void append(std::string column, const std::optional<T>& value, std::vector<CatalogueFact>& facts) {
  if (value) facts.push_back({std::move(column), *value});
}

std::string text_of(const Json& value) {
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  const auto from = text.find_first_not_of(" \t\n");
  return from == std::string::npos ? std::string() : text.substr(from, text.find_last_not_of(" \t\n") - from + 1);
}

std::string digits_of(const Json& value) {
  std::string digits = text_of(value);
  std::erase_if(digits, [](char c) { return c < '0' || c > '9'; });
  return digits;
}

}  // namespace

std::vector<CatalogueFact> facts_of(const store::Product& product) {
  std::vector<CatalogueFact> facts;
  append("name", product.name, facts);
  append("brand", product.brand, facts);
  append("manufacturer", product.manufacturer, facts);
  append("category_name", product.category_name, facts);
  append("sale_price", product.sale_price, facts);
  append("discounted_price", product.discounted_price, facts);
  append("status", product.status, facts);
  append("seller_management_code", product.seller_management_code, facts);
  append("origin_product_no", product.origin_product_no, facts);
  append("channel_product_no", product.channel_product_no, facts);
  return facts;
}

std::string_view column_meant(std::string_view fact_name) noexcept {
  const auto* const meaning = std::ranges::find(kMeanings, fact_name, &Meaning::name);
  return meaning == kMeanings.end() ? std::string_view() : meaning->column;
}

bool say_the_same(const Json& a, const Json& b) {
  if (a.is_number() || b.is_number()) return digits_of(a) == digits_of(b);
  return equal_ignoring_case(text_of(a), text_of(b));
}

}  // namespace pipeline::package
