#include "encoding.h"

#include "pipeline/base/error.h"
#include "pipeline/base/log.h"

#include "base/child_process.h"
#include "excerpt.h"
#include "file_start.h"
#include "korean.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::upsert {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::ThrowsMessage;
using namespace std::string_view_literals;

TEST(Utf8Length, IsThatOfTheFirstCharacter) {
  EXPECT_EQ(utf8_length(""), 0U);
  EXPECT_EQ(utf8_length("a한"), 1U);
  EXPECT_EQ(utf8_length("é"), 2U);
  EXPECT_EQ(utf8_length("한a"), 3U);
  EXPECT_EQ(utf8_length("\U0001F600"), 4U);
  for (const std::string_view bad : {"\x80", "\xFF", "\xED\x95", "\xC0\xAF", "\xED\xA0\x80", "\xB0\xA1"})
    EXPECT_EQ(utf8_length(bad), 0U);
}

TEST(IsAscii, SeesAHighByteWhereverItIs) {
  for (std::size_t size = 0; size < 100; ++size) {
    std::string text(size, '\x7F');
    EXPECT_TRUE(is_ascii(text));
    for (std::size_t at = 0; at < size; ++at) {
      text[at] = '\x80';
      EXPECT_FALSE(is_ascii(text)) << at << " of " << size;
      text[at] = 'a';
    }
  }
}

TEST(Cp949, ConvertsAllElevenThousandSyllables) {
  Cp949 cp949;
  std::string text;
  EXPECT_EQ(cp949.append_utf8("\xB0\xA1 a \x8C\x63\xB9\xE6\xB0\xA2\xC7\xCF", text), std::nullopt);
  EXPECT_EQ(text, "가 a 똠방각하");
  for (char32_t syllable = 0xAC00; syllable <= 0xD7A3; ++syllable) {
    const std::string utf8 = {static_cast<char>(0xE0 | (syllable >> 12U)),
                              static_cast<char>(0x80 | ((syllable >> 6U) & 0x3FU)),
                              static_cast<char>(0x80 | (syllable & 0x3FU))};
    const std::string bytes = test::to_cp949(utf8);
    ASSERT_EQ(bytes.size(), 2U);
    // What lets lines and fields be found before the text is converted.
    ASSERT_EQ(bytes.find_first_of("\r\n\",\\ \t"), std::string::npos) << utf8;
    std::string back;
    ASSERT_EQ(cp949.append_utf8(bytes, back), std::nullopt);
    ASSERT_EQ(back, utf8);
  }
}

TEST(Cp949, TellsWhereItFailsAndAppendsNothingThen) {
  Cp949 cp949;
  std::string text = "kept";
  EXPECT_EQ(cp949.append_utf8("ab\xFFyz", text), 2U);
  EXPECT_EQ(cp949.append_utf8("\xB0\xA1\xB0", text), 2U);  // half a character
  EXPECT_EQ(cp949.append_utf8("\xB0,", text), 0U);
  EXPECT_EQ(text, "kept");
  EXPECT_EQ(cp949.append_utf8("\xB0\xA1", text), std::nullopt);
  EXPECT_EQ(text, "kept가");
}

FileEncoding decided(std::string_view ahead, bool rest_of_file = true, std::int64_t line = 1) {
  FileEncoding encoding("goods.csv");
  encoding.decide(ahead, rest_of_file, line);
  return encoding;
}

const std::string kKorean = "상품,똠방각하 펲시 쓩 뷁\n";

TEST(FileEncoding, WaitsForALineThatIsNotAscii) {
  FileEncoding encoding("goods.csv");
  EXPECT_FALSE(encoding.must_decide("plain"));
  EXPECT_TRUE(encoding.must_decide("한글"));
  encoding.decide("한글", true, 1);
  EXPECT_FALSE(encoding.must_decide("한글"));
  EXPECT_FALSE(encoding.is_cp949());
  FileEncoding marked("goods.csv");
  marked.set_utf8();
  EXPECT_FALSE(marked.must_decide("\xB0\xA1"));
}

TEST(FileEncoding, TellsUtf8FromCp949) {
  EXPECT_FALSE(decided(kKorean).is_cp949());
  EXPECT_TRUE(decided(test::to_cp949(kKorean)).is_cp949());
}

TEST(FileEncoding, OneBrokenLineDoesNotMakeAUtf8FileCp949) {
  const std::string broken = test::to_cp949(kKorean);
  EXPECT_FALSE(decided(broken + kKorean + kKorean).is_cp949());
  EXPECT_FALSE(decided(broken + kKorean).is_cp949());
}

TEST(FileEncoding, ALineThatLooksLikeUtf8ByAccidentDoesNotMakeACp949FileUtf8) {
  const std::string accident = test::to_cp949("짜장면 철\n").substr(7);  // 0xC3 0xB6: also `ö`
  ASSERT_EQ(accident, "\xC3\xB6\n");
  const std::string korean = test::to_cp949(kKorean);
  EXPECT_TRUE(decided(accident + korean + korean).is_cp949());
  EXPECT_FALSE(decided(accident).is_cp949());
}

TEST(FileEncoding, OnlyTheNextLinesAreAsked) {
  std::string far;
  while (far.size() < FileEncoding::kLookAhead) far += "plain\n";
  for (int i = 0; i < 10; ++i) far += kKorean;
  EXPECT_TRUE(decided(test::to_cp949(kKorean) + far).is_cp949());
}

TEST(FileEncoding, HalfALineAtTheEndIsNotAsked) {
  const std::string korean = test::to_cp949(kKorean);
  EXPECT_TRUE(decided(korean + kKorean.substr(0, 6), false).is_cp949());
  EXPECT_FALSE(decided(korean + kKorean.substr(0, 6), true).is_cp949());
  EXPECT_TRUE(decided(korean.substr(0, korean.size() - 1), false).is_cp949());  // but the first line is
}

TEST(FileEncoding, ALongFirstLineIsAskedWhole) {
  EXPECT_TRUE(decided(std::string(FileEncoding::kLookAhead, 'a') + test::to_cp949(kKorean)).is_cp949());
}

TEST(FileEncoding, AFileOfNeitherIsRefusedByName) {
  const std::string broken = "caf\xE9, 1\n";
  EXPECT_THAT([&] { (void)decided(broken + broken, true, 2); },
              ThrowsMessage<Error>(AllOf(HasSubstr("goods.csv"), HasSubstr("line 2"), HasSubstr("UTF-8"),
                                         HasSubstr("CP949"), HasSubstr("save it as"))));
}

TEST(FileEncoding, SaysThatItConverts) {
  test::ChildProcess child([] {
    log::init({});
    (void)decided(kKorean);
    (void)decided(test::to_cp949(kKorean));
    return 0;
  });
  EXPECT_THAT(child.read_all(), AllOf(HasSubstr("goods.csv is not UTF-8: read as CP949"), EndsWith("converted\n")));
  EXPECT_EQ(child.exit_code(), 0);
}

TEST(FileEncoding, AFewBrokenLinesInAFileThatIsFineAreLeftToBeRejected) {
  const std::string broken = "caf\xE9, 1\n";
  EXPECT_FALSE(decided(broken + broken + kKorean).is_cp949());
  EXPECT_FALSE(decided(broken + "plain\nplain\n").is_cp949());
  EXPECT_FALSE(decided(broken, true, 1000).is_cp949());
}

TEST(FileEncoding, GivesUtf8OrTheOffsetOfTheFirstBadByte) {
  std::string text;
  FileEncoding utf8 = decided(kKorean);
  EXPECT_EQ(utf8.append_utf8("한글", text), std::nullopt);
  EXPECT_EQ(utf8.append_utf8("한\xFFx", text), 3U);
  FileEncoding cp949 = decided(test::to_cp949(kKorean));
  EXPECT_EQ(cp949.append_utf8("\xB0\xA1", text), std::nullopt);
  EXPECT_EQ(cp949.append_utf8("\xB0\xA1\xFF", text), 2U);
  EXPECT_EQ(text, "한글가");
}

TEST(EncodingFault, CountsBytesInTheLineTheyAreIn) {
  EXPECT_EQ(encoding_fault("ab\xFF", 7, 2, "UTF-8"),
            "byte 3 of line 7 (0xFF) is not UTF-8, which the file is written in; save the file as UTF-8");
  EXPECT_THAT(encoding_fault("a\r\nb\rc\nd\xB0", 7, 8, "CP949"), HasSubstr("byte 2 of line 10 (0xB0) is not CP949"));
}

TEST(FileStart, KnowsTheByteOrderMark) {
  EXPECT_EQ(check_file_start("f", "\xEF\xBB\xBFsku"), 3U);
  EXPECT_EQ(check_file_start("f", "sku"), 0U);
  EXPECT_EQ(check_file_start("f", ""), 0U);
  EXPECT_EQ(check_file_start("f", "PK,1"), 0U);
}

TEST(FileStart, RefusesWhatIsNoTextInOurEncodings) {
  const std::tuple<std::string_view, std::string_view, std::string_view> cases[] = {
      {"\xFF\xFEs\0k\0"sv, "UTF-16", "UTF-8"},         {"\xFE\xFF\0s"sv, "UTF-16", "UTF-8"},
      {"\xFF\xFE\0\0s\0\0\0"sv, "UTF-32", "UTF-8"},    {"\0\0\xFE\xFF\0\0\0s"sv, "UTF-32", "UTF-8"},
      {"s\0k\0u\0"sv, "NUL bytes", "UTF-8"},           {"PK\x03\x04\x14"sv, ".xlsx", "CSV UTF-8"},
      {"\xD0\xCF\x11\xE0\xA1"sv, ".xls", "CSV UTF-8"}, {"\x1F\x8B\x08"sv, "gzip", "gunzip"}};
  for (const auto& [bytes, what, advice] : cases)
    EXPECT_THAT([&bytes = bytes] { check_file_start("goods.csv", bytes); },
                ThrowsMessage<Error>(AllOf(HasSubstr("goods.csv"), HasSubstr(what), HasSubstr(advice))));
}

TEST(Excerpt, IsOnePrintableLine) {
  EXPECT_EQ(excerpt("a\tb\r\n한\x01\x7F\xB0", 80), "a\\tb\\r\\n한\\x01\\x7F\\xB0");
  EXPECT_EQ(excerpt("", 80), "");
  EXPECT_EQ(excerpt("한글날", 5), "한글…");
  EXPECT_EQ(excerpt(std::string(1'000'000, '\xFF'), 10), "\\xFF\\xFF\\…");
}

}  // namespace
}  // namespace pipeline::upsert
