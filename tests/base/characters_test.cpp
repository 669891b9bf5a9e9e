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
