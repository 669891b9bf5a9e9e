#include "encoding.h"

#include "pipeline/base/error.h"
#include "pipeline/base/log.h"
#include "pipeline/sheet/excerpt.h"

#include "base/child_process.h"
#include "file_start.h"
#include "support/korean.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::sheet {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::ThrowsMessage;
using namespace std::string_view_literals;

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
  EXPECT_EQ(encoding.name(), "UTF-8");
  FileEncoding marked("goods.csv");
  marked.set_utf8();
  EXPECT_FALSE(marked.must_decide("\xB0\xA1"));
}

TEST(FileEncoding, TellsUtf8FromCp949) {
  EXPECT_EQ(decided(kKorean).name(), "UTF-8");
  EXPECT_EQ(decided(test::to_cp949(kKorean)).name(), "CP949");
}

TEST(FileEncoding, OneBrokenLineDoesNotMakeAUtf8FileCp949) {
  const std::string broken = test::to_cp949(kKorean);
  EXPECT_EQ(decided(broken + kKorean + kKorean).name(), "UTF-8");
  EXPECT_EQ(decided(broken + kKorean).name(), "UTF-8");
}

TEST(FileEncoding, ALineThatLooksLikeUtf8ByAccidentDoesNotMakeACp949FileUtf8) {
  const std::string accident = test::to_cp949("짜장면 철\n").substr(7);  // 0xC3 0xB6: also `ö`
  ASSERT_EQ(accident, "\xC3\xB6\n");
  const std::string korean = test::to_cp949(kKorean);
  EXPECT_EQ(decided(accident + korean + korean).name(), "CP949");
  EXPECT_EQ(decided(accident).name(), "UTF-8");
}

TEST(FileEncoding, OnlyTheNextLinesAreAsked) {
  std::string far;
  while (far.size() < FileEncoding::kLookAhead) far += "plain\n";
  for (int i = 0; i < 10; ++i) far += kKorean;
  EXPECT_EQ(decided(test::to_cp949(kKorean) + far).name(), "CP949");
}

TEST(FileEncoding, HalfALineAtTheEndIsNotAsked) {
  const std::string korean = test::to_cp949(kKorean);
  EXPECT_EQ(decided(korean + kKorean.substr(0, 6), false).name(), "CP949");
  EXPECT_EQ(decided(korean + kKorean.substr(0, 6), true).name(), "UTF-8");
  EXPECT_EQ(decided(korean.substr(0, korean.size() - 1), false).name(), "CP949");  // but the first line is
}

TEST(FileEncoding, ALongFirstLineIsAskedWhole) {
  EXPECT_EQ(decided(std::string(FileEncoding::kLookAhead, 'a') + test::to_cp949(kKorean)).name(), "CP949");
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
  EXPECT_EQ(decided(broken + broken + kKorean).name(), "UTF-8");
  EXPECT_EQ(decided(broken + "plain\nplain\n").name(), "UTF-8");
  EXPECT_EQ(decided(broken, true, 1000).name(), "UTF-8");
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

TEST(FileEncoding, CountsBytesInTheLineTheyAreIn) {
  FileEncoding encoding("goods.csv");
  EXPECT_EQ(encoding.fault("ab\xFF", 7, 2),
            "byte 3 of line 7 (0xFF) is not UTF-8, which the file is written in; save the file as UTF-8");
  encoding.set_cp949();
  EXPECT_THAT(encoding.fault("a\r\nb\rc\nd\xB0", 7, 8), HasSubstr("byte 2 of line 10 (0xB0) is not CP949"));
}

// Both fit CP949, byte for byte.
TEST(FileEncoding, DoubtsKoreanThatIsNone) {
  const auto told_of = [](const std::string& text) {
    test::ChildProcess child([&] {
      log::init({.level = log::Level::warn, .format = log::Format::text, .trace_id = {}});
      (void)decided(text);
      return 0;
    });
    std::string told = child.read_all();
    EXPECT_EQ(child.exit_code(), 0);
    return told;
  };
  EXPECT_THAT(told_of("1,First\x96"
                      "Citizens\n"),
              AllOf(HasSubstr("goods.csv"), HasSubstr("First뺺itizens"), HasSubstr("--encoding")));
  EXPECT_THAT(told_of("1,\x83\x4F\x83\x4A\x83\x62\x83\x76\n"), HasSubstr("--encoding"));  // グカップ
  EXPECT_EQ(told_of(test::to_cp949(kKorean)), "");
  EXPECT_EQ(told_of(test::to_cp949("1,㈜한국 ★머그컵★ 500㎖ (新)\n")), "");
}

TEST(FileStart, KnowsByteOrderMarks) {
  const auto start = [](std::string_view bytes) { return look_at_start("f", bytes, ""); };
  EXPECT_EQ(start("\xEF\xBB\xBFsku").mark, 3U);
  EXPECT_EQ(start("\xEF\xBB\xBFsku").encoding, "UTF-8");
  EXPECT_EQ(start("\xFF\xFEs\0k\0"sv).encoding, "UTF-16LE");
  EXPECT_EQ(start("\xFE\xFF\0s"sv).encoding, "UTF-16BE");
  EXPECT_EQ(start("\xFE\xFF\0s"sv).mark, 2U);
  for (const std::string_view text : {"sku", "", "PK,1"}) EXPECT_EQ(start(text).mark, 0U);
}

TEST(FileStart, KnowsWorkbooks) {
  const auto kind = [](std::string_view bytes) { return look_at_start("f", bytes, "").kind; };
  EXPECT_EQ(kind("PK\x03\x04\x14"sv), FileStart::Kind::zip);
  EXPECT_EQ(kind("\xD0\xCF\x11\xE0\xA1"sv), FileStart::Kind::old_workbook);
  EXPECT_EQ(kind("sku,PK\x03\x04"sv), FileStart::Kind::text);
}

TEST(FileStart, RefusesWhatIsNoTextInOurEncodings) {
  const std::tuple<std::string_view, std::string_view, std::string_view> cases[] = {
      {"\xFF\xFE\0\0s\0\0\0"sv, "UTF-32", "UTF-8"},
      {"\0\0\xFE\xFF\0\0\0s"sv, "UTF-32", "UTF-8"},
      {"s\0k\0u\0"sv, "NUL bytes", "UTF-8"},
      {"\x1F\x8B\x08"sv, "gzip", "gunzip"}};
  for (const auto& [bytes, what, advice] : cases)
    EXPECT_THAT([&bytes = bytes] { (void)look_at_start("goods.csv", bytes, ""); },
                ThrowsMessage<Error>(AllOf(HasSubstr("goods.csv"), HasSubstr(what), HasSubstr(advice))));
}

TEST(FileStart, KnowsWhatIsKeptBesideAnOpenWorkbook) {
  EXPECT_THAT([] { (void)look_at_start("sheets/~$goods.xlsx", "\x05user", ""); },
              ThrowsMessage<Error>(HasSubstr("name the workbook itself, and close it in that program first")));
}

TEST(Excerpt, IsOnePrintableLine) {
  EXPECT_EQ(excerpt("a\tb\r\n한\x01\x7F\xB0", 80), "a\\tb\\r\\n한\\x01\\x7F\\xB0");
  EXPECT_EQ(excerpt("", 80), "");
  EXPECT_EQ(excerpt("한글날", 5), "한글…");
  EXPECT_EQ(excerpt(std::string(1'000'000, '\xFF'), 10), "\\xFF\\xFF\\…");
}

}  // namespace
}  // namespace pipeline::sheet
