#include "code.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace pipeline::upsert {
namespace {

using testing::HasSubstr;

std::string key_of(std::string_view text) {
  std::string key;
  EXPECT_EQ(read_key(text, key), "") << text;
  return key;
}

std::string fault_of(std::string_view text) {
  std::string key;
  return read_key(text, key);
}

TEST(Code, IsMeantAndNotShown) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"A-1", "A-1"},
      {" A-1 ", "A-1"},
      {"A-1\u00A0", "A-1"},
      {"\uFEFF\u200BA-1\u200D\t\r\n", "A-1"},
      {"A 1", "A 1"},
      {"\u1106\u1165\u1100\u1173-1", "머그-1"},
      {R"(="0001")", "0001"},
      {R"(=""0001"")", "0001"},
      {R"("=""0001""")", "0001"},
      {R"("A-1")", "A-1"},
      {R"( =" 0001 " )", "0001"},
      {"'0001", "0001"},
      {"'0001'", "0001"},
      {R"(="'0001")", "0001"},
      {"11900000001.0", "11900000001"},
      {"11900000001.00", "11900000001"},
      {"11,900,000,001", "11900000001"},
      {"11,900,000,001.00", "11900000001"},
      {"9007199254740992.0", "9007199254740992"},
      {"１１９００００００01", "11900000001"},
      {"１１９００００００01．０", "11900000001"},
      // Codes that look a little like something else.
      {"0001", "0001"},
      {"0", "0"},
      {"-5", "-5"},
      {"1E5", "1E5"},
      {"12E3", "12E3"},
      {"E10", "E10"},
      {"1E5-RED", "1E5-RED"},
      {"1.E10", "1.E10"},
      {"2026-01-02", "2026-01-02"},
      {"1-2", "1-2"},
      {"MAY-1X", "MAY-1X"},
      {"A.1", "A.1"},
      {"1.2.3", "1.2.3"},
      {"1,29,00", "1,29,00"},
      {"123 456", "123 456"},
      {"Ａ-１", "Ａ-１"},
      {"NANO-1", "NANO-1"},
      {"#12", "#12"},
      {"12345678901234567890123", "12345678901234567890123"},
  };
  for (const auto& [text, key] : cases) EXPECT_EQ(key_of(text), key) << text;
}

TEST(Code, ThatASpreadsheetHasSpoiltIsRefused) {
  for (const char* text :
       {"1.19E+10", "1.19e+10", "1,19E+10", "１．１９Ｅ＋１０", "1E+05", "1e-05", "11.9E+9", "1.1900000001E10",
        "1.2345678901234568e+16", " 1.19E+10 ", "'1.19E+10", "+1.19E+10", "1.E+10", "1.19 E+10"})
    EXPECT_THAT(fault_of(text), HasSubstr("digits a spreadsheet has cut off; format the column as text")) << text;
  for (const char* text : {"#N/A", "#REF!", "#VALUE!", "#value!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!",
                           "Err:502", "Err:508", "########"})
    EXPECT_THAT(fault_of(text), HasSubstr("an error of a spreadsheet")) << text;
  EXPECT_FALSE(is_plain_code("Err:508"));
  for (const char* text : {"01월 02일", "1월 2일", "2-Jan", "Jan-02", "02-May", "2026. 11. 1", "2026. 1. 12."})
    EXPECT_THAT(fault_of(text), HasSubstr("a date that a spreadsheet has made of a code")) << text;
  for (const char* text : {"=A1&B1", "=VLOOKUP(A1,Sheet2!A:B,2,0)", R"(="a"&"b")"})
    EXPECT_THAT(fault_of(text), HasSubstr("a formula that was not reckoned")) << text;
  EXPECT_THAT(fault_of("9007199254740993.0"), HasSubstr("floating point number"));
  EXPECT_THAT(fault_of("123456789012345678901.0"), HasSubstr("floating point number"));
}

TEST(Code, AKeyIsThereAndCanBeSeen) {
  for (const char* text : {"", " ", "\u200B\u3000", R"(="")"}) EXPECT_EQ(fault_of(text), "is empty") << text;
  for (const char* text :
       {"nan", "NaN", "None", "null", "NULL", "undefined", "N/A", "<NA>", "NaT", "없음", "미정", "해당 없음"})
    EXPECT_THAT(fault_of(text), HasSubstr("where there is no value")) << text;
  for (const char* text : {"-", "--", ".", "?", "'"})
    EXPECT_THAT(fault_of(text), HasSubstr("no letter or digit")) << text;
  for (const std::string& text : {std::string("A\n1"), std::string("A\t1"), std::string("A\x7F"),
                                  std::string("A\0B", 3), std::string("A\u0085\u0085B")})
    EXPECT_EQ(fault_of(text), "has a control character") << text;
  EXPECT_THAT(fault_of("A\u200B1"), HasSubstr("invisible character (U+200B)"));
  EXPECT_THAT(fault_of("A\u202E1"), HasSubstr("invisible character (U+202E)"));
  EXPECT_THAT(fault_of("A\uFFFD1"), HasSubstr("lost in a conversion"));
  EXPECT_EQ(fault_of(std::string(300, 'A')), "");
  EXPECT_THAT(fault_of(std::string(301, 'A')), HasSubstr("longer than a key may be (300 bytes)"));
}

TEST(Code, OfANumberInJsonIsItsDigits) {
  const auto key = [](std::string_view token) {
    std::string code;
    const std::string fault = read_number_key(token, code);
    return fault.empty() ? code : fault;
  };
  EXPECT_EQ(key("11900000001"), "11900000001");
  EXPECT_EQ(key("11900000001.0"), "11900000001");
  EXPECT_EQ(key("0"), "0");
  EXPECT_EQ(key("18446744073709551615"), "18446744073709551615");
  EXPECT_THAT(key("-5"), HasSubstr("below zero"));
  EXPECT_THAT(key("-0.0"), HasSubstr("below zero"));
  EXPECT_THAT(key("12.5"), HasSubstr("neither a text nor a whole number"));
  EXPECT_THAT(key("12.000"), HasSubstr("neither a text nor a whole number"));
  for (const char* token : {"1.19E+10", "1.03e10", "1e5"}) EXPECT_THAT(key(token), HasSubstr("cut off")) << token;
}

// The cheap test may send a plain code the long way, but never takes one as it is that the long way would change.
TEST(Code, ThePlainTestAgreesWithTheLongWay) {
  const std::string_view alphabet = "09eE+-.,'\"=# aNnUuLl_/:\n\x80\xC3";
  unsigned state = 1;
  for (int round = 0; round < 200'000; ++round) {
    std::string text;
    for (unsigned size = (state = state * 1664525U + 1013904223U) >> 29U; size > 0; --size)
      text += alphabet[((state = state * 1664525U + 1013904223U) >> 16U) % alphabet.size()];
    if (!is_plain_code(text)) continue;
    std::string key;
    ASSERT_EQ(read_key(text, key), "") << text;
    ASSERT_EQ(key, text);
  }
  for (const char* text : {"A-1", "11900000001", "SKU_000123", "abc/def:1", "2-JANX", "Jan-222"})
    EXPECT_TRUE(is_plain_code(text)) << text;
  // Words, which are not met by chance.
  for (const char* text : {"2-Jan", "02-May", "Jan-2", "Dec-31", "nan", "NULL", "None", "nil", "undefined"})
    EXPECT_FALSE(is_plain_code(text)) << text;
}

}  // namespace
}  // namespace pipeline::upsert
