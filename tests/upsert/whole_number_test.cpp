#include "whole_number.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace pipeline::upsert {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string read(std::string_view text, catalogue::Column column = catalogue::Column::sale_price) {
  const WholeNumber read = read_whole_number(text, column);
  EXPECT_TRUE(!read.number || read.fault.empty());
  return read.number ? std::to_string(*read.number) : read.fault;
}

TEST(WholeNumber, OfAPriceAsPeopleWriteIt) {
  for (const char* text : {"12900",
                           "12,900",
                           "12900원",
                           "₩12,900",
                           "12,900 원",
                           "12,900 KRW",
                           "KRW 12,900",
                           "１２，９００",
                           "￦１２，９００",
                           "￦12,900",
                           "\\12,900",
                           "₩ 12,900",
                           "12,900₩",
                           "12,900won",
                           "W12,900",
                           "₩12,900원",
                           "+12900",
                           "12 900",
                           "12\u00A0900",
                           "12\u202F900",
                           "12\u2009900 원",
                           "12900.0",
                           "12900.00",
                           "12,900.00",
                           "12,900.00원",
                           "\u200B12900\u3000",
                           " 12900\t",
                           "12900.0000",
                           R"(="12900")",
                           "'12900",
                           R"("=""12,900""")",
                           "12,900krw",
                           "１２９００원",
                           "012900"})
    EXPECT_EQ(read(text), "12900") << text;
  EXPECT_EQ(read("1,234,500"), "1234500");
  EXPECT_EQ(read("6300.00"), "6300");
  EXPECT_EQ(read("6300.000"), "6300");
  EXPECT_EQ(read("0"), "0");
  EXPECT_EQ(read("0.000"), "0");
  EXPECT_EQ(read("-0"), "0");
  EXPECT_EQ(read("9223372036854775807"), "9223372036854775807");
}

TEST(WholeNumber, NothingIsEmpty) {
  for (const char* text : {"", " ", "\u00A0\u200B", R"(="")"}) EXPECT_EQ(read(text), "") << text;
}

TEST(WholeNumber, OfAStockMayBeCounted) {
  for (const char* text : {"10", "10개", "10 개", "10 EA", "10ea", "１０개"})
    EXPECT_EQ(read(text, catalogue::Column::stock_quantity), "10") << text;
  EXPECT_EQ(read("1,000", catalogue::Column::stock_quantity), "1000");
  for (const char* text : {"10원", "₩10", "10 KRW", "10개월"})
    EXPECT_THAT(read(text, catalogue::Column::stock_quantity), HasSubstr("no whole number")) << text;
  EXPECT_THAT(read("10개"), HasSubstr("no whole number")) << "a price";
  for (const char* text : {"10원", "10개"})
    EXPECT_THAT(read(text, catalogue::Column::origin_product_no), HasSubstr("no whole number")) << text;
  for (const char* text : {"품절", "-", "N/A", "무제한", "있음"})
    EXPECT_THAT(read(text, catalogue::Column::stock_quantity),
                AllOf(HasSubstr("`" + std::string(text) + "`"), HasSubstr("no whole number such as 12"),
                      HasSubstr("write 0 where none is left")))
        << text;
}

TEST(WholeNumber, BelowZeroIsRefused) {
  for (const char* text : {"-100", "△100", "▲100", "(100)", "-100원", "-₩100", "₩-100", "(₩100)", "−1,000", "－１００"})
    EXPECT_EQ(read(text), "is `" + std::string(text) + "`, below zero") << text;
}

TEST(WholeNumber, WhatIsNoneIsNamed) {
  for (const char* text :
       {"12.90",         "12.900", "12.000", "1.234.500", "12.900,00", "12900,00",  "1,29,00",   "12,9",
        "1,2345",        "0,900",  "12,",    "12.",       ".0",        ",900",      "1,234 500", "12'900",
        "1만2천",        "12만",   "천원",   "원",        "₩",         "+",         "0x10",      "12900/ea",
        "12,900~15,000", "12 9",   "1 2",    "--5",       "+-5",       "12900원원", "12.0.0",    "nan",
        "null",          "가",     "()",     "(12",       "12 900.5"})
    EXPECT_THAT(read(text), AllOf(HasSubstr("is no whole number such as 12000"), HasSubstr(text))) << text;
  for (const char* text : {"1.2E+04", "1.2e+04", "1,2E+04", "１．２Ｅ＋０４"})
    EXPECT_THAT(read(text), HasSubstr("digits a spreadsheet may have cut off")) << text;
  for (const char* text : {"USD 12", "$12", "€12", "12 EUR", "¥100", "12달러", "12 usd"})
    EXPECT_THAT(read(text), HasSubstr("in another currency than won")) << text;
  for (const char* text : {"#N/A", "#VALUE!", "####"})
    EXPECT_THAT(read(text), HasSubstr("an error of a spreadsheet")) << text;
  for (const char* text : {"9223372036854775808", "99999999999999999999", "999,999,999,999,999,999,999"})
    EXPECT_THAT(read(text), HasSubstr("more than 64 bits")) << text;
  EXPECT_THAT(read(std::string(500, 'x')), HasSubstr("xx…"));
}

}  // namespace
}  // namespace pipeline::upsert
