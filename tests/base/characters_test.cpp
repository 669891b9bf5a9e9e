#include "pipeline/base/characters.h"

#include <gtest/gtest.h>

#include <string>

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

TEST(Hangul, IsComposedFromAllJamo) {
  for (char32_t syllable = 0xAC00; syllable <= 0xD7A3; ++syllable) {
    const char32_t index = syllable - 0xAC00;
    std::string decomposed;
    append_utf8(0x1100 + index / 588, decomposed);
    append_utf8(0x1161 + index % 588 / 28, decomposed);
    if (index % 28 != 0) append_utf8(0x11A7 + index % 28, decomposed);
    std::string composed;
    append_utf8(syllable, composed);
    ASSERT_EQ(compose_hangul(decomposed), composed);
    ASSERT_EQ(compose_hangul(composed), composed);
  }
  EXPECT_EQ(compose_hangul("a \u1100b\u1161"), "a \u1100b\u1161");
}

}  // namespace
}  // namespace pipeline
