#include "pipeline/base/characters.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace pipeline {
namespace {

TEST(Characters, AreReadAndWrittenBack) {
  const std::string text = "aé한\U0001F600";
  EXPECT_EQ(to_characters(text), U"aé한\U0001F600");
  std::string back;
  for (const char32_t c : to_characters(text)) append_utf8(c, back);
  EXPECT_EQ(back, text);
}

TEST(Characters, ThatAreNoUtf8AreReplaced) {
  EXPECT_EQ(to_characters("\x80"
                          "a\xED\x95"),
            U"\uFFFDa\uFFFD\uFFFD");
  EXPECT_EQ(to_characters("\xED"
                          "ab"),
            U"\uFFFDab");
}

TEST(Characters, BlanksOfAllKindsAreTrimmed) {
  EXPECT_EQ(trim_blanks("\uFEFF\u200B \t\u3000A 1\u00A0\r\n\u200D\u202F\u3164"), "A 1");
  EXPECT_EQ(trim_blanks("\u202D가\u202C"), "가");
  EXPECT_EQ(trim_blanks("A\u200B1"), "A\u200B1");
  EXPECT_EQ(trim_blanks(" \u2003 "), "");
  EXPECT_EQ(trim_blanks(""), "");
  EXPECT_EQ(trim_blanks("\x80\xBF"), "\x80\xBF");
}

TEST(Characters, AreToldByWhatTheyAre) {
  for (const char32_t c : std::u32string_view(U"가힣ᄀㅎ漢カぁ「。、！（～ﾟ₩〈"))
    EXPECT_TRUE(is_cjk(c)) << static_cast<unsigned>(c);
  for (const char32_t c : std::u32string_view(U"a1(.\"’…€★⌚☔\U0001F600é —"))
    EXPECT_FALSE(is_cjk(c)) << static_cast<unsigned>(c);
  for (const char32_t c : std::u32string_view(U"(.\"*’…—「。（"))
    EXPECT_TRUE(is_punctuation(c)) << static_cast<unsigned>(c);
  for (const char32_t c : std::u32string_view(U"$+<£€★₩→\U0001F600"))
    EXPECT_TRUE(is_symbol(c) && !is_punctuation(c)) << static_cast<unsigned>(c);
  for (const char32_t c : std::u32string_view(U"a가1 漢"))
    EXPECT_FALSE(is_symbol(c) || is_punctuation(c)) << static_cast<unsigned>(c);
}

TEST(Characters, AreComparedWithoutCase) {
  EXPECT_EQ(fold_case("IMG_1.JPG"), fold_case("img_1.jpg"));
  EXPECT_EQ(fold_case("\u1100\u1161\u11A8 Ä"), fold_case("각 ä"));
  EXPECT_NE(fold_case("각"), fold_case("갂"));
}

TEST(Characters, OneSpellingOfWhatLooksTheSame) {
  EXPECT_EQ(to_nfc("e\u0301"), "\u00E9");
  EXPECT_EQ(to_nfc("\u1100\u1161\u11A8-1"), "각-1");
  EXPECT_EQ(to_nfc("Ａ１ plain"), "Ａ１ plain");
  EXPECT_EQ(to_nfc(""), "");
  EXPECT_EQ(to_nfc("\xFF"), "\xFF");
}

TEST(Characters, OfFullWidthBecomeAscii) {
  EXPECT_EQ(to_half_width("￦１２，９００．０　ＫＲＷ～！가"), "₩12,900.0 KRW~!가");
}

}  // namespace
}  // namespace pipeline
