#include "pipeline/base/ascii.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace pipeline {
namespace {

TEST(Ascii, CaseIsOfItsLettersAlone) {
  EXPECT_EQ(to_lower("Content-TYPE É"), "content-type É");
  EXPECT_EQ(to_upper("sku_01 é"), "SKU_01 é");
  EXPECT_TRUE(is_letter('z'));
  EXPECT_FALSE(is_letter('@'));
  EXPECT_FALSE(is_letter('['));
  EXPECT_FALSE(is_letter('\xC3'));
  EXPECT_TRUE(is_digit('9'));
  EXPECT_FALSE(is_digit(':'));
}

TEST(Ascii, TrimTakesWhatIsBlankAroundTheText) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(trim("(a)", "()"), "a");
}

TEST(Ascii, TakesPartAfterPart) {
  std::string_view text = "a,,b";
  EXPECT_EQ(take_until(text, ','), "a");
  EXPECT_EQ(take_until(text, ','), "");
  EXPECT_EQ(take_until(text, ','), "b");
  EXPECT_EQ(text, "");
  EXPECT_EQ(take_until(text, ','), "");
}

TEST(Ascii, ANumberIsAllOfTheText) {
  EXPECT_EQ(parse_number<int>("-12"), -12);
  EXPECT_EQ(parse_number<double>("1.5e3"), 1500);
  for (const char* text : {"", " 1", "1 ", "+1", "1.5", "0x1", "99999999999"})
    EXPECT_EQ(parse_number<int>(text), std::nullopt) << text;
  EXPECT_EQ(parse_number<std::int64_t>("99999999999"), 99'999'999'999);
}

}  // namespace
}  // namespace pipeline
