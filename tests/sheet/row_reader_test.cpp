#include "pipeline/sheet/row_reader.h"

#include "pipeline/base/characters.h"
#include "pipeline/base/error.h"

#include "inputs.h"
#include "support/korean.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::sheet {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::ThrowsMessage;
using Got = RowReader::Got;

constexpr std::string_view kMark = "\xEF\xBB\xBF";

template <typename Matcher>
void expect_refused(std::string_view bytes, const Matcher& why, Format format = Format::automatic) {
  EXPECT_THAT([&] { (void)rows_of(bytes, format); }, ThrowsMessage<Error>(AllOf(HasSubstr("/input"), why)));
}

TEST(OpenRows, FindsTheFormatByContent) {
  EXPECT_THAT(rows_of("\n \t{\"sku\":1}\n"), ElementsAre(Answer{Got::row, "{\"sku\":1}", " \t{\"sku\":1}", 2, ""}));
  EXPECT_THAT(rows_of("\nname,SKU\na,1\n"), ElementsAre(Answer{Got::row, R"({"name":"a","sku":"1"})", "a,1", 3, ""}));
}

TEST(OpenRows, AByteOrderMarkIsNoPartOfTheText) {
  for (const Format format : {Format::automatic, Format::jsonl})
    EXPECT_THAT(rows_of(std::string(kMark) + "{}\n", format), ElementsAre(Answer{Got::row, "{}", "{}", 1, ""}));
  const InputFile file(std::string(kMark) + "sku,name\n1,\xFF\n");
  ByteSource source(file.path());
  const Reader rows(source);
  const auto answers = all_rows(*rows);
  EXPECT_EQ(rows->header(), "sku,name");
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_THAT(answers[0].error, HasSubstr("byte 3 of line 2 (0xFF) is not UTF-8"));
}

TEST(OpenRows, AFileOfNothingHasNoRows) {
  for (const Format format : {Format::automatic, Format::jsonl, Format::csv})
    for (const std::string& nothing : {std::string(), std::string(kMark), std::string("\n"), std::string(" \r\n\t\n"),
                                       std::string(kMark) + "\r\n", std::string(300'000, '\n')})
      EXPECT_THAT(rows_of(nothing, format), IsEmpty());
}

TEST(OpenRows, WhiteSpaceInFrontMayBeLong) {
  const std::string blank(100'000, '\n');
  EXPECT_THAT(rows_of(blank + "{}"), ElementsAre(Answer{Got::row, "{}", "{}", 100'001, ""}));
  EXPECT_THAT(rows_of(blank + "sku\n1"), ElementsAre(Answer{Got::row, R"({"sku":"1"})", "1", 100'002, ""}));
}

TEST(OpenRows, AJsonArrayIsRefusedWithTheWayOut) {
  expect_refused("[{\"sku\":1}]", AllOf(HasSubstr("JSON array"), HasSubstr("jq -c '.[]'")));
  EXPECT_EQ(rows_of("[1]", Format::jsonl).size(), 1U);  // who names the format gets each line's own verdict
}

TEST(OpenRows, WhatIsNeitherFormatIsShown) {
  expect_refused("Dear all,\nhello\n",
                 AllOf(HasSubstr("neither JSON Lines nor a CSV"), HasSubstr("--format"), HasSubstr("Dear all,")));
  expect_refused("a\tb\x01\n", HasSubstr("a\\tb\\x01"));
  expect_refused("\"never closed\nsku\n", AllOf(HasSubstr("quote in it is never closed"), HasSubstr("\"never closed")));
  expect_refused(std::string(kLongestRow + 10, 'x'), AllOf(HasSubstr("xxx…"), HasSubstr("neither")));
}

TEST(OpenRows, AHeaderWithoutAKeyIsToldToNameIt) {
  const auto names_it = HasSubstr("its header names no column `sku`; name it so");
  expect_refused(test::to_cp949("상표,값\n컵,1\n"), AllOf(names_it, HasSubstr("commas"), HasSubstr("상표,값")));
  expect_refused("id,\"a, b\"\n1,\"c, d, e\"\n", names_it);
  expect_refused("id,name,price\n", names_it);
  expect_refused("id\ttitle, long\n1\ta\n", AllOf(HasSubstr("separated by tabs"), names_it));
  expect_refused("id;title\r\n1;a\r\n", AllOf(HasSubstr("separated by semicolons"), names_it));
  expect_refused("Dear all, here it is\nthe list\n", HasSubstr("neither JSON Lines nor a CSV"));
  expect_refused("name,brand\na,b\n", HasSubstr("names no column `sku`"));
}

TEST(OpenRows, WithAFormatGivenNothingIsGuessed) {
  EXPECT_THAT(rows_of("sku,name\n1,a\n", Format::jsonl),
              ElementsAre(Answer{Got::row, "sku,name", "sku,name", 1, ""}, Answer{Got::row, "1,a", "1,a", 2, ""}));
  expect_refused("Dear all,\n", AllOf(HasSubstr("`sku`"), Not(HasSubstr("--format"))), Format::csv);
}

TEST(OpenRows, WhatIsNoTextIsRefusedWhateverTheFormat) {
  using namespace std::string_view_literals;
  for (const Format format : {Format::automatic, Format::jsonl, Format::csv}) {
    expect_refused("\x1F\x8B\x08\x00"sv, HasSubstr("gzip"), format);
    expect_refused("s\0k\0u\0,\0n\0\r\0\n\0"sv, HasSubstr("UTF-16"), format);
    expect_refused("\0s\0k\0u\0\r\0\n"sv, HasSubstr("UTF-16"), format);
    expect_refused(std::string(200, '\x02') + std::string(100, '\0') + "\x01\x90", HasSubstr("binary"), format);
    expect_refused("\xEF\xBB\xBF\n<html><table><tr><td>sku</td></tr></table>", HasSubstr("web page"), format);
    expect_refused("<?xml version=\"1.0\"?><Workbook/>", HasSubstr("some shops call .xls"), format);
    expect_refused("<style>td{}</style><table><tr><td>sku</td>", HasSubstr("some shops call .xls"), format);
    expect_refused("<rss><channel><item><g:id>1</g:id>", HasSubstr("some shops call .xls"), format);
    expect_refused("\x28\xB5\x2F\xFD sku"sv, HasSubstr("zstd; unpack it first"), format);
    expect_refused("7z\xBC\xAF\x27\x1C sku"sv, HasSubstr("a 7z archive; unpack it first"), format);
    expect_refused("Rar!\x1A\x07 sku"sv, HasSubstr("a RAR archive"), format);
    expect_refused("%PDF-1.4\nsku,name\n", HasSubstr("a PDF; save its table as .xlsx"), format);
    expect_refused("\x89PNG\r\n\x1A\n"sv, HasSubstr("a picture"), format);
    expect_refused("SQLite format 3\0 sku"sv, HasSubstr("export its table as CSV"), format);
  }
  // 상품번호,sku without a mark; 가 has a NUL byte in the other place.
  expect_refused("\xC1\xC0\xD4\xD6\0,\xAC\0\0s\0k\0u\0\n"sv, HasSubstr("--encoding utf-16le"));
}

// What a text is in UTF-16, as Excel's `Unicode text` is.
std::string utf16(std::string_view text, bool big_endian, bool mark = true) {
  std::string out(mark ? (big_endian ? "\xFE\xFF" : "\xFF\xFE") : "");
  for (const char32_t c : to_characters(text)) {
    const char high = static_cast<char>(c >> 8U);
    const char low = static_cast<char>(c & 0xFFU);
    out += big_endian ? high : low;
    out += big_endian ? low : high;
  }
  return out;
}

TEST(OpenRows, Utf16WithItsMarkIsConverted) {
  const Answer row{Got::row, R"({"sku":"A-1","name":"머그컵 갚","sale_price":12900})", "A-1\t머그컵 갚\t12900", 2, ""};
  for (const bool big : {false, true}) {
    EXPECT_THAT(rows_of(utf16("sku\tname\tsale_price\r\nA-1\t머그컵 갚\t12900\r\n", big)), ElementsAre(row));
    EXPECT_THAT(rows_of(utf16("{\"sku\":\"갚\"}", big)),
                ElementsAre(Answer{Got::row, "{\"sku\":\"갚\"}", "{\"sku\":\"갚\"}", 1, ""}));
    // 갚 is 0xAC1A: its second byte is no Ctrl-Z.
    EXPECT_THAT(rows_of(utf16("sku,name\n1,갚", big)),
                ElementsAre(Answer{Got::row, R"({"sku":"1","name":"갚"})", "1,갚", 2, ""}));
  }
  EXPECT_THAT(rows_of(utf16("sku,name\n1,컵\n", false, false), Layout{.encoding = "utf-16le"}), testing::SizeIs(1));
  EXPECT_THAT(rows_of("\xFF\xFE"), IsEmpty());
}

TEST(OpenRows, Utf16MayComeInAnyPieces) {
  const std::string bytes = utf16("sku,name\n1,머그컵\n2,접시\n", false);
  InputPipe pipe;
  ByteSource source = pipe.source();
  const Reader rows(source);
  std::vector<Answer> answers;
  for (const char byte : bytes) {
    pipe.write({&byte, 1});
    if (Answer answer = answer_of(*rows); answer.got == Got::row) answers.push_back(std::move(answer));
  }
  pipe.close();
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].json, R"({"sku":"1","name":"머그컵"})");
  EXPECT_EQ(answers[1].json, R"({"sku":"2","name":"접시"})");
  EXPECT_EQ(rows->reading().encoding, "UTF-16LE");
}

TEST(OpenRows, HalfACharacterCostsItsRow) {
  using namespace std::string_literals;
  const auto rows = rows_of(utf16("sku,name\n1,", false) + "\x00\xDC"s + utf16("\n2,b\n", false, false) + "\x41");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_THAT(rows[0].error, HasSubstr("line 2 has bytes that are no character of UTF-16LE"));
  EXPECT_EQ(rows[1].json, R"({"sku":"2","name":"b"})");
  EXPECT_THAT(rows[2].error, HasSubstr("line 4 has bytes that are no character"));
}

TEST(OpenRows, AnEncodingThatIsNamedIsBelieved) {
  EXPECT_THAT(rows_of("sku,name\n1,First\x96"
                      "Citizens\n",
                      Layout{.encoding = "windows-1252"}),
              ElementsAre(Answer{Got::row, R"({"sku":"1","name":"First–Citizens"})", "1,First–Citizens", 2, ""}));
  EXPECT_THAT(rows_of("sku,name\n1,\x83\x7C\x83\x58\n", Layout{.encoding = "shift_jis", .separator = ','}),
              ElementsAre(Answer{Got::row, R"({"sku":"1","name":"ポス"})", "1,ポス", 2, ""}));
  EXPECT_THAT(rows_of("sku,name\n1,\xB0\xA1\n", Layout{.encoding = "utf-8"}).at(0).error, HasSubstr("is not UTF-8"));
  EXPECT_EQ(rows_of("sku,name\n1,\xC3\xB6\n", Layout{.encoding = "EUC-KR"}).at(0).json, R"({"sku":"1","name":"철"})");
  EXPECT_THAT([] { (void)rows_of("sku,name\n1,a\n", Layout{.encoding = "klingon"}); },
              ThrowsMessage<Error>(HasSubstr("`klingon`")));
}

TEST(OpenRows, ANulEarlyInTheFileIsItsRowsFault) {
  using namespace std::string_literals;
  EXPECT_THAT(rows_of("{\"sku\":\"1\"}\0\n"s), testing::SizeIs(1));  // the parser of rows tells of it
  const auto rows = rows_of("sku,name\nA,a\0b\nB,c\n"s);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_THAT(rows[0].error, HasSubstr("NUL"));
  EXPECT_EQ(rows[1].got, Got::row);
}

TEST(OpenRows, JsonOverSeveralLinesIsRefusedWithTheWayOut) {
  expect_refused("{\r\n  \"sku\": \"1\"\r\n}\r\n", HasSubstr("jq -c . FILE"));
  EXPECT_EQ(rows_of("{}\n{\n").size(), 2U);
}

TEST(OpenRows, TheSeparatorIsToldFromTheHeader) {
  const std::pair<std::string, char> cases[] = {{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"bar", '|'}};
  for (const auto& [name, separator] : cases) {
    std::string text = "sku,name,sale_price\r\nA-1,27\" stand,12900\r\nA-2,\"a,b;c\td|e\",1\r\n";
    for (char& c : text)
      if (c == ',' && &c < &text[text.find('"', text.find("A-2"))]) c = separator;
    text = text.substr(0, text.rfind(',')) + separator + "1\r\n";
    const InputFile file(text);
    ByteSource source(file.path());
    const Reader rows(source);
    const auto answers = all_rows(*rows);
    ASSERT_EQ(answers.size(), 2U) << name;
    EXPECT_EQ(answers[0].json, R"({"sku":"A-1","name":"27\" stand","sale_price":12900})") << name;
    EXPECT_EQ(answers[1].json, R"({"sku":"A-2","name":"a,b;c\td|e","sale_price":1})") << name;
    EXPECT_EQ(rows->reading().separator, name);
  }
  EXPECT_EQ(rows_of("name~sku\na~1\n", Layout{.separator = '~'}).at(0).json, R"({"name":"a","sku":"1"})");
}

TEST(OpenRows, ASeparatorLineIsObeyed) {
  for (const std::string line : {"sep=;", "SEP=;", "\"sep=;\"", "sep=;;;"})
    EXPECT_THAT(rows_of(line + "\r\nsku;name\r\nA;b,c\r\n"),
                ElementsAre(Answer{Got::row, R"({"sku":"A","name":"b,c"})", "A;b,c", 3, ""}))
        << line;
  EXPECT_EQ(rows_of("sep=\t\nsku\tname\nA\tb\n").at(0).json, R"({"sku":"A","name":"b"})");
  EXPECT_EQ(rows_of("sep=,\nsku;name\nA;b\n", Layout{.separator = ';'}).at(0).json, R"({"sku":"A","name":"b"})");
}

TEST(OpenRows, WhatStandsAboveTheHeaderIsLeftOutAndTold) {
  const InputFile file(test::to_cp949("상품 목록,,\r\n\r\n받은 날,2026-11-26,\r\n,,\r\n\"sku\",이름,x\r\n1,컵,y\r\n"));
  ByteSource source(file.path());
  const Reader rows(source);
  EXPECT_THAT(all_rows(*rows),
              ElementsAre(Answer{Got::row, R"({"sku":"1","이름":"컵","x":"y"})", test::to_cp949("1,컵,y"), 6, ""}));
  EXPECT_EQ(rows->reading().header_row, 5);
  EXPECT_THAT(rows->reading().above, ElementsAre("상품 목록,,", "받은 날,2026-11-26,", ",,"));
  EXPECT_EQ(rows->reading().encoding, "CP949");
}

TEST(OpenRows, AHeaderMayBeNamedByItsLine) {
  const std::string text = "sku,name\nold,list\nSKU,Name\n1,a\n";
  EXPECT_EQ(rows_of(text).size(), 3U);
  EXPECT_THAT(rows_of(text, Layout{.header_row = 3}),
              ElementsAre(Answer{Got::row, R"({"sku":"1","name":"a"})", "1,a", 4, ""}));
  EXPECT_THAT([&] { (void)rows_of(text, Layout{.header_row = 2}); },
              ThrowsMessage<Error>(HasSubstr("names no column `sku`")));
  EXPECT_THAT([&] { (void)rows_of(text, Layout{.header_row = 9}); },
              ThrowsMessage<Error>(AllOf(HasSubstr("no record in line 9"), HasSubstr("--header-row"))));
}

TEST(OpenRows, AHeaderFarBelowIsNotLookedFor) {
  const auto below = [](int lines) {
    std::string text;
    for (int i = 0; i < lines; ++i) text += "a note\n";
    return text + "sku,name\n1,a\n";
  };
  EXPECT_EQ(rows_of(below(50)).size(), 1U);
  expect_refused(below(51), HasSubstr("neither JSON Lines nor"));
}

TEST(OpenRows, FilesPutOneBehindTheOtherMayHaveMarksInTheMiddle) {
  EXPECT_THAT(rows_of("{\"sku\":1}\n\x1A\n\xEF\xBB\xBF{\"sku\":2}\r\n\x1A"),
              ElementsAre(Answer{Got::row, "{\"sku\":1}", "{\"sku\":1}", 1, ""},
                          Answer{Got::row, "{\"sku\":2}", "\xEF\xBB\xBF{\"sku\":2}", 3, ""}));
  EXPECT_THAT(rows_of(std::string(kMark) + std::string(kMark) + "{}\n"), testing::SizeIs(1));
}

TEST(OpenRows, TextOfAnotherEncodingIsRefused) {
  expect_refused("{\"name\":\"caf\xE9\"}\n{\"name\":\"caf\xE9\"}\n", AllOf(HasSubstr("neither UTF-8 nor CP949")));
  expect_refused("sku,name\n1,caf\xE9\n2,caf\xE9\n", AllOf(HasSubstr("neither UTF-8 nor CP949"), HasSubstr("line 2")));
}

TEST(OpenRows, ReadsTheLastWordsOfAnAsciiFileAsKorean) {
  std::string text;
  for (int i = 0; i < 40'000; ++i) text += "{\"name\":\"plain\"}\n";
  const auto rows = rows_of(text + test::to_cp949("{\"name\":\"뷁\"}"));
  ASSERT_EQ(rows.size(), 40'001U);
  EXPECT_EQ(rows.back().json, "{\"name\":\"뷁\"}");
}

TEST(OpenRows, WaitsForTheFirstBytesOfAPipe) {
  InputPipe pipe;
  ByteSource source = pipe.source();
  const Reader rows(source);
  EXPECT_EQ(answer_of(*rows).got, Got::nothing_yet);
  pipe.write("\xEF");
  EXPECT_EQ(answer_of(*rows).got, Got::nothing_yet);
  pipe.write("\xBB\xBF\r");
  EXPECT_EQ(answer_of(*rows).got, Got::nothing_yet);
  pipe.write("\n");
  EXPECT_EQ(answer_of(*rows).got, Got::nothing_yet);
  pipe.write("{\"sku\"");
  EXPECT_EQ(answer_of(*rows).got, Got::nothing_yet);
  pipe.write(":1}\n{");
  EXPECT_EQ(answer_of(*rows), (Answer{Got::row, "{\"sku\":1}", "{\"sku\":1}", 2, ""}));
  EXPECT_EQ(answer_of(*rows).got, Got::nothing_yet);
  pipe.write("}");
  pipe.close();
  EXPECT_EQ(answer_of(*rows), (Answer{Got::row, "{}", "{}", 3, ""}));
  EXPECT_EQ(answer_of(*rows).got, Got::end);
}

TEST(OpenRows, AKoreanLineFromAPipeIsNotHeldBackForMore) {
  InputPipe pipe;
  ByteSource source = pipe.source();
  const Reader rows(source);
  pipe.write(test::to_cp949("{\"name\":\"상품\"}\n{\"na"));
  EXPECT_EQ(answer_of(*rows).json, "{\"name\":\"상품\"}");
}

}  // namespace
}  // namespace pipeline::sheet
