#include "pipeline/upsert/row_reader.h"

#include "pipeline/base/error.h"

#include "inputs.h"
#include "korean.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::upsert {
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
  const auto rows = open_rows(source, Format::automatic, kNoOverlong);
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
  expect_refused("\"never closed\nsku\n", HasSubstr("\"never closed"));
  expect_refused(std::string(kLongestRow + 10, 'x'), AllOf(HasSubstr("xxx…"), HasSubstr("neither")));
}

TEST(OpenRows, AHeaderWithoutAKeyIsToldToNameIt) {
  const auto names_it = HasSubstr("name the column that tells the products apart so");
  expect_refused(test::to_cp949("이름,값\n컵,1\n"),
                 AllOf(HasSubstr("names no column `sku`"), names_it, HasSubstr("이름,값")));
  expect_refused("id,\"a, b\"\n1,\"c, d, e\"\n", AllOf(HasSubstr("names no column `sku`"), names_it));
  expect_refused("id,name,price\n", HasSubstr("names no column `sku`"));
  expect_refused("id\ttitle, long\n1\ta\n", AllOf(HasSubstr("separated by tabs, and none of them"), names_it));
  expect_refused("id;title\r\n1;a\r\n", AllOf(HasSubstr("separated by semicolons, and none of them"), names_it));
  expect_refused("Dear all, here it is\nthe list\n", HasSubstr("neither JSON Lines nor a CSV"));
}

TEST(OpenRows, ACsvWithADoubledColumnIsSeenAsCsv) {
  expect_refused("sku,SKU\n1,2\n", HasSubstr("both are sku"));
}

TEST(OpenRows, WithAFormatGivenNothingIsGuessed) {
  EXPECT_THAT(rows_of("sku,name\n1,a\n", Format::jsonl),
              ElementsAre(Answer{Got::row, "sku,name", "sku,name", 1, ""}, Answer{Got::row, "1,a", "1,a", 2, ""}));
  expect_refused("Dear all,\n", AllOf(HasSubstr("`sku`"), Not(HasSubstr("--format"))), Format::csv);
}

TEST(OpenRows, WhatIsNoTextIsRefusedWhateverTheFormat) {
  using namespace std::string_view_literals;
  for (const Format format : {Format::automatic, Format::jsonl, Format::csv}) {
    expect_refused("\xFF\xFEs\0k\0u\0"sv, HasSubstr("UTF-16"), format);
    expect_refused("\xFF\xFE", HasSubstr("UTF-16"), format);
    expect_refused("PK\x03\x04....", HasSubstr(".xlsx"), format);
    expect_refused("\x1F\x8B\x08\x00"sv, HasSubstr("gzip"), format);
    expect_refused("s\0k\0u\0,\0n\0\r\0\n\0"sv, HasSubstr("UTF-16"), format);
    expect_refused("\0s\0k\0u\0\r\0\n"sv, HasSubstr("UTF-16"), format);
    expect_refused(std::string(200, '\x02') + std::string(100, '\0') + "\x01\x90", HasSubstr("binary"), format);
  }
  // 상품번호,sku without a mark; 가 has a NUL byte in the other place.
  expect_refused("\xC1\xC0\xD4\xD6\0,\xAC\0\0s\0k\0u\0\n"sv, HasSubstr("UTF-16"));
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

TEST(OpenRows, AHeaderOfAnotherKindIsToldWithWhatToDo) {
  expect_refused("sku;name;sale_price\r\nA-1;a;1\r\n", AllOf(HasSubstr("semicolons"), HasSubstr("commas")));
  expect_refused("name\t\"SKU\"\nA-1\ta\n", HasSubstr("tabs"));
  expect_refused("sep=,\r\nsku,name\r\nA,b\r\n", HasSubstr("delete that line"));
  expect_refused(test::to_cp949("상품 목록,,\r\n\r\n받은 날,,\r\n,,\r\n\"sku\",이름\r\n1,컵\r\n"),
                 HasSubstr("line 5 looks like its header; delete the lines above"));
  expect_refused("sku;name\n1;a\n", HasSubstr("semicolons"), Format::csv);
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
  const auto rows = open_rows(source, Format::automatic, kNoOverlong);
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
  const auto rows = open_rows(source, Format::automatic, kNoOverlong);
  pipe.write(test::to_cp949("{\"name\":\"상품\"}\n{\"na"));
  EXPECT_EQ(answer_of(*rows).json, "{\"name\":\"상품\"}");
}

}  // namespace
}  // namespace pipeline::upsert
