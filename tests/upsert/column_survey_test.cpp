#include "column_survey.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::upsert {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

void add(ColumnSurvey& survey, std::string json) {
  json.reserve(json.size() + simdjson::SIMDJSON_PADDING);
  survey.add(json);
}

TEST(ColumnSurvey, NamesWhatIsNotKnownOnce) {
  ColumnSurvey survey;
  add(survey, R"({"sku":"1","name":"a","sale_pirce":1,"options":[{"x":1}],"created_at":"2026"})");
  add(survey, R"({"sku":"1","options":[],"\uc0c9":{"y":2},"sale_pirce":2,"salePrice":3})");
  add(survey, "no json");
  add(survey, "[1]");
  EXPECT_THAT(survey.unknown(), ElementsAre("sale_pirce", "options", "색"));
  EXPECT_FALSE(survey.only_sku_is_known());
}

TEST(ColumnSurvey, KnowsAFileThatSaysNothing) {
  ColumnSurvey survey;
  EXPECT_FALSE(survey.only_sku_is_known());
  add(survey, R"({"상품명":"a"})");
  EXPECT_FALSE(survey.only_sku_is_known()) << "its rows have no key, and are told so";
  add(survey, R"({"sku":"1","상품명":"a","source":"X"})");
  EXPECT_TRUE(survey.only_sku_is_known());
  EXPECT_THAT(survey.unknown(), ElementsAre("상품명"));
  add(survey, R"({"sku":"1","brandName":null})");
  EXPECT_FALSE(survey.only_sku_is_known());
}

TEST(ColumnSurvey, SuggestsWhatTheRowsDoNotHave) {
  ColumnSurvey survey;
  add(survey, R"({"sku":"1","stockQuantity":1})");
  EXPECT_EQ(survey.likely_name("sale_pirce"), "sale_price");
  EXPECT_EQ(survey.likely_name("Sale Price"), "sale_price");
  EXPECT_EQ(survey.likely_name("discount_price"), "discounted_price");
  EXPECT_EQ(survey.likely_name("brandNam"), "brandName");
  EXPECT_EQ(survey.likely_name("stock_quantitiy"), "") << "it is there, by another name";
  EXPECT_EQ(survey.likely_name("상품명"), "");
  EXPECT_EQ(survey.likely_name("weight"), "");
}

TEST(ColumnSurvey, IsBounded) {
  ColumnSurvey survey;
  for (int i = 0; i < 3000; ++i) add(survey, fmt::format(R"({{"k{}":1}})", i));
  EXPECT_THAT(survey.unknown(), SizeIs(ColumnSurvey::kMost));
}

}  // namespace
}  // namespace pipeline::upsert
