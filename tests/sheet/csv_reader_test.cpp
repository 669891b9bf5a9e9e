#include "csv_reader.h"

#include "pipeline/base/error.h"

#include "inputs.h"
#include "support/korean.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace pipeline::sheet {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;
using GotRecords = RowReader::Got;

std::vector<Answer> in_blocks(std::string_view bytes, std::size_t block, std::size_t longest = kLongestRow) {
  const InputFile file(bytes);
  ByteSource source(file.path());
  LineReader lines(source, block, longest);
  NamedCells columns;
  CsvReader rows(lines, FileEncoding("input"), "input", {.format = Format::csv}, columns,
                 [](std::string_view, bool) {});
  return all_rows(rows);
}

std::vector<Answer> csv_rows(std::string_view bytes) {
  return rows_of(bytes, Format::csv);
}

Answer row(std::string_view json, std::string_view original, std::int64_t line) {
  return {GotRecords::row, std::string(json), std::string(original), line, ""};
}

MATCHER_P3(IsRejected, original, line, why, "") {
  return arg.got == GotRecords::rejected && arg.json.empty() && arg.original == original && arg.line == line &&
         testing::ExplainMatchResult(HasSubstr(why), arg.error, result_listener);
}

TEST(Csv, ARecordIsARowAndTheHeaderIsKept) {
  const InputFile file("SKU,\"name\"\r\n1,a\r\n\"2\",\"b\"\r\n");
  ByteSource source(file.path());
  const Reader rows(source, {.format = Format::csv});
  EXPECT_THAT(all_rows(*rows), ElementsAre(row(R"({"sku":"1","name":"a"})", "1,a", 2),
                                           row(R"({"sku":"2","name":"b"})", "\"2\",\"b\"", 3)));
  EXPECT_EQ(rows->header(), "SKU,\"name\"");
}

TEST(Csv, LinesEndInAnyWay) {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    const std::string text = "sku,name" + end + "1,a" + end + end + "2,b";
    const auto expected =
        ElementsAre(row(R"({"sku":"1","name":"a"})", "1,a", 2), row(R"({"sku":"2","name":"b"})", "2,b", 4));
    EXPECT_THAT(csv_rows(text), expected);
    EXPECT_THAT(csv_rows(text + end), expected);
  }
}

TEST(Csv, QuotedFieldsHoldCommasQuotesAndLineBreaks) {
  EXPECT_THAT(
      csv_rows("sku,name\n1,\"a, \"\"b\"\"\r\n\r\nc\rd\"\r\n2,\"\"\n3,\"\"\"\"\n"),
      ElementsAre(row(R"({"sku":"1","name":"a, \"b\"\r\n\r\nc\rd"})", "1,\"a, \"\"b\"\"\r\n\r\nc\rd\"", 2),
                  row(R"({"sku":"2","name":null})", "2,\"\"", 6), row(R"({"sku":"3","name":"\""})", "3,\"\"\"\"", 7)));
}

TEST(Csv, SpacesBelongToTheFieldAndBlankLinesAreSkipped) {
  EXPECT_THAT(csv_rows(" sku ,name\n \t\n\n 1 ,\ta \n"),
              ElementsAre(row(R"({"sku":" 1 ","name":"\ta "})", " 1 ,\ta ", 4)));
}

TEST(Csv, AHeaderMayGoOverLines) {
  EXPECT_THAT(csv_rows("\n\"sku\",\"the\nname\"\n1,a\n"), ElementsAre(row(R"({"sku":"1","the\nname":"a"})", "1,a", 4)));
}

TEST(Csv, NoRowsInAFileOfAHeader) {
  EXPECT_THAT(csv_rows("sku,name"), IsEmpty());
  EXPECT_THAT(csv_rows(""), IsEmpty());
}

TEST(Csv, AMalformedRecordCostsItsLineAlone) {
  EXPECT_THAT(csv_rows("sku,name\n2,\"b\" c\n3,c\n"),
              ElementsAre(IsRejected("2,\"b\" c", 2, "field 2 has text behind its closing quote in line 2"),
                          row(R"({"sku":"3","name":"c"})", "3,c", 3)));
}

TEST(Csv, AQuoteInsideAFieldIsItsText) {
  EXPECT_THAT(csv_rows("sku,name,sale_price\nA-1,27\" stand,35000\nA-2,\"27\"\" stand\",5\nA-3,27\",1\n"),
              ElementsAre(row(R"({"sku":"A-1","name":"27\" stand","sale_price":35000})", "A-1,27\" stand,35000", 2),
                          row(R"({"sku":"A-2","name":"27\" stand","sale_price":5})", "A-2,\"27\"\" stand\",5", 3),
                          row(R"({"sku":"A-3","name":"27\"","sale_price":1})", "A-3,27\",1", 4)));
}

TEST(Csv, AQuoteThatJoinsRowsCostsThem) {
  EXPECT_THAT(csv_rows("sku,name,sale_price\nA-1,\"27 stand,35000\nA-2,dish,9900\n\nA-9,27\",100\nA-4,cup,5\n"),
              ElementsAre(IsRejected("A-1,\"27 stand,35000\nA-2,dish,9900\n\nA-9,27\",100", 2,
                                     "a quote joins lines 2 to 5, and each of them could be a row by itself"),
                          row(R"({"sku":"A-4","name":"cup","sale_price":5})", "A-4,cup,5", 6)));
  // Lines of a text that are no rows are its lines.
  EXPECT_THAT(csv_rows("sku,name,sale_price\nA-1,\"M,70,50\nL,72,52\",100\n"),
              ElementsAre(row(R"({"sku":"A-1","name":"M,70,50\nL,72,52","sale_price":100})",
                              "A-1,\"M,70,50\nL,72,52\",100", 2)));
  // So is a text whose last line is like a row, if its first is not.
  EXPECT_THAT(csv_rows("name,sku,sale_price\n\"red\nblue\",A-1,100\n"),
              ElementsAre(row(R"({"name":"red\nblue","sku":"A-1","sale_price":100})", "\"red\nblue\",A-1,100", 2)));
}

TEST(Csv, WhatMayBeAPartOfABrokenRecordIsNoRow) {
  EXPECT_THAT(csv_rows("sku,name,sale_price\n1,\"said \"hi\",\nmore text\nthe end\",5\n2,,7\nonly a key\n"),
              ElementsAre(IsRejected("1,\"said \"hi\",", 2, "text behind its closing quote"),
                          IsRejected("more text", 3, "it may be a part of the record in line 2"),
                          IsRejected("the end\",5", 4, "it may be a part of the record in line 2"),
                          row(R"({"sku":"2","name":null,"sale_price":7})", "2,,7", 5),
                          row(R"({"sku":"only a key","name":null,"sale_price":null})", "only a key", 6)));
}

TEST(Csv, ARecordOverLinesWithTooManyFieldsCostsItsFirstLineAlone) {
  EXPECT_THAT(
      csv_rows("sku,name\n1,\"a\n2,b\n3,c\",d,e\n4,d\n"),
      ElementsAre(IsRejected("1,\"a", 2, "has 4 fields, the header has 2"), row(R"({"sku":"2","name":"b"})", "2,b", 3),
                  IsRejected("3,c\",d,e", 4, "has 4 fields, the header has 2"),
                  row(R"({"sku":"4","name":"d"})", "4,d", 5)));
}

TEST(Csv, ARecordMayBeShorterThanTheHeaderAndLongerByEmptyFields) {
  EXPECT_THAT(csv_rows("sku,name,brand\n1,a\n2\n3,b,c,, \n4,b,c,d\n"),
              ElementsAre(row(R"({"sku":"1","name":"a","brand":null})", "1,a", 2),
                          row(R"({"sku":"2","name":null,"brand":null})", "2", 3),
                          row(R"({"sku":"3","name":"b","brand":"c"})", "3,b,c,, ", 4),
                          IsRejected("4,b,c,d", 5, "has 4 fields, the header has 3; is a comma outside of quotes?")));
}

TEST(Csv, ARecordOfEmptyFieldsIsNoRow) {
  const auto empty = [](std::string_view original, std::int64_t line) {
    return Answer{GotRecords::empty, "", std::string(original), line, ""};
  };
  EXPECT_THAT(
      csv_rows("sku,name,brand\n1,a,b\n,,\n\"\", \t,\u3000\n,\n\n,,,,\n2,c,d\n"),
      ElementsAre(row(R"({"sku":"1","name":"a","brand":"b"})", "1,a,b", 2), empty(",,", 3), empty("\"\", \t,\u3000", 4),
                  empty(",", 5), empty(",,,,", 7), row(R"({"sku":"2","name":"c","brand":"d"})", "2,c,d", 8)));
}

TEST(Csv, CtrlZEndsTheFile) {
  const auto expected = ElementsAre(row(R"({"sku":"1","name":"a"})", "1,a", 2));
  for (const std::string end : {"\x1A", "\r\n\x1A", "\n\x1A\x1A\x1A", "\n\x1A\r\n"})
    EXPECT_THAT(csv_rows("sku,name\n1,a" + end), expected) << testing::PrintToString(end);
  EXPECT_THAT(csv_rows("sku,name\n1,a\n\x1A\n2,b\n"), testing::SizeIs(2));
}

TEST(Csv, ANulCostsItsRow) {
  using namespace std::string_literals;
  const std::string good = R"({"sku":"2","name":"b"})";
  EXPECT_THAT(csv_rows("sku,name\n1,a\0\n2,b\n"s),
              ElementsAre(IsRejected("1,a\0"s, 2, "has a NUL byte"), row(good, "2,b", 3)));
  EXPECT_THAT(csv_rows("sku,name\n2,b\n"s + std::string(64, '\0')),
              ElementsAre(row(good, "2,b", 2), IsRejected(std::string(64, '\0'), 3, "has a NUL byte")));
  EXPECT_THAT(csv_rows("sku,name\n" + std::string(5000, '\n') + "1,\0\n2,b\n"s),
              ElementsAre(IsRejected("1,\0"s, 5002, "has a NUL byte"), row(good, "2,b", 5003)));
  EXPECT_THAT([] { (void)csv_rows("sku,na\0me\n1,a\n2,b\n3,c\n"s); }, ThrowsMessage<Error>(HasSubstr("NUL byte")));
}

TEST(Csv, AStrayQuoteThatALaterOneClosesCostsItsFirstLineAlone) {
  EXPECT_THAT(csv_rows("sku,name\n1,\"a\n2,b\n3,\"c\"\n4,d\n"),
              ElementsAre(IsRejected("1,\"a", 2, "field 2 has text behind its closing quote in line 4"),
                          row(R"({"sku":"2","name":"b"})", "2,b", 3), row(R"({"sku":"3","name":"c"})", "3,\"c\"", 4),
                          row(R"({"sku":"4","name":"d"})", "4,d", 5)));
}

TEST(Csv, AQuoteThatIsNeverClosedCostsItsFirstLineAlone) {
  EXPECT_THAT(csv_rows("sku,name\r\n1,\"a\r\n2,b\r\n\r\n3,c"),
              ElementsAre(IsRejected("1,\"a", 2, "the quote opened in line 2 is never closed (before the file ends)"),
                          row(R"({"sku":"2","name":"b"})", "2,b", 3), row(R"({"sku":"3","name":"c"})", "3,c", 5)));
}

TEST(Csv, TheLineThatOpenedTheQuoteIsNamed) {
  const auto rows = csv_rows("sku,name,brand\n1,\"a\nb\",\"c\nd\n2,x,y\n");
  EXPECT_THAT(rows, ElementsAre(IsRejected("1,\"a", 2, "opened in line 3 is never closed"),
                                IsRejected("b\",\"c", 3, "opened in line 3 is never closed (in its line)"),
                                IsRejected("d", 4, "has 1 fields, the header has 3"),
                                row(R"({"sku":"2","name":"x","brand":"y"})", "2,x,y", 5)));
}

TEST(Csv, AQuoteThatIsNotClosedWithinTheLongestRowCostsItsFirstLineAlone) {
  const std::string line = "2," + std::string(1000, 'x') + "\n";
  std::string text = "sku,name\n1,\"a\n";
  std::int64_t lines = 0;
  for (; text.size() < kLongestRow + 2'000'000; ++lines) text += line;
  const auto rows = csv_rows(text + "3,\"b\"\n");
  ASSERT_EQ(rows.size(), static_cast<std::size_t>(lines) + 2);
  EXPECT_THAT(rows.front(), IsRejected("1,\"a", 2, "opened in line 2 is never closed (within 16 MiB)"));
  EXPECT_TRUE(std::all_of(rows.begin() + 1, rows.end(), [](const Answer& a) { return a.got == GotRecords::row; }));
  EXPECT_EQ(rows.back().line, lines + 3);
}

TEST(Csv, AnOverlongLineGoesToTheSinkAndTheRestGoesOn) {
  const std::string longer(kLongestRow, 'x');
  const InputFile file("sku,name\n1,a\n\"2," + longer + "\n3,c\n");
  ByteSource source(file.path());
  std::string poured;
  const Reader rows(source, {}, [&](std::string_view piece, bool) { poured += piece; });
  const auto answers = all_rows(*rows);
  EXPECT_THAT(answers, ElementsAre(row(R"({"sku":"1","name":"a"})", "1,a", 2), IsRejected("", 3, "longer than 16 MiB"),
                                   row(R"({"sku":"3","name":"c"})", "3,c", 4)));
  EXPECT_TRUE(poured == "\"2," + longer);
}

// Each line of the second kind opens a record when it stands alone, and leaves it open behind another.
TEST(Csv, ManyQuotesThatNeverCloseAreReadTwiceAtMost) {
  std::string text = "sku,name\n";
  for (int i = 0; i < 100'000; ++i) text += "x\",\"y\n";
  const auto rows = csv_rows(text);
  ASSERT_EQ(rows.size(), 100'000U);
  EXPECT_EQ(std::ranges::count(rows, GotRecords::rejected, &Answer::got), 100'000);
}

TEST(Csv, ManyStrayQuotesAreReadAsLinesOfTheirOwn) {
  std::string text = "sku,name\n";
  for (int i = 0; i < 50'000; ++i) text += "1,\"a\n2,\"\"\"x\"\"\n3,\"\"\n";
  const auto rows = csv_rows(text);
  ASSERT_EQ(rows.size(), 150'000U);
  EXPECT_EQ(std::ranges::count(rows, GotRecords::row, &Answer::got), 50'000);
}

TEST(Csv, TheBlockMakesNoDifference) {
  const std::string text =
      "sku,이름,sale_price\r\n1,\"한글 \"\"x\"\"\r\n,둘\",12000.00\r2,\"never,1\r\n3,x,12원\n\n4,\"b\" c,1\n5,\"" +
      std::string(80, 'z') + "\",\n6,끝,3\r";
  for (const std::string& bytes : {text, test::to_cp949(text)})
    for (const std::size_t longest : {kLongestRow, std::size_t{60}}) {
      const auto expected = in_blocks(bytes, LineReader::kBlock, longest);
      EXPECT_GE(expected.size(), 6U);
      EXPECT_EQ(expected.front().json, R"({"sku":"1","이름":"한글 \"x\"\r\n,둘","sale_price":"12000.00"})");
      for (std::size_t block = 1; block <= 64; ++block)
        EXPECT_EQ(in_blocks(bytes, block, longest), expected) << "block " << block << " longest " << longest;
    }
}

TEST(Csv, Cp949IsConvertedHeaderIncluded) {
  const std::string header = test::to_cp949("sku,상품명");
  const std::string record = test::to_cp949("1,\"똠방각하\n펲시 쓩 뷁\"");
  const InputFile file(header + "\n" + record + "\n");
  ByteSource source(file.path());
  const Reader rows(source);
  EXPECT_THAT(all_rows(*rows), ElementsAre(row(R"({"sku":"1","상품명":"똠방각하\n펲시 쓩 뷁"})", record, 2)));
  EXPECT_EQ(rows->header(), header);
}

TEST(Csv, ARecordThatIsNotInTheFilesEncodingIsRejected) {
  const std::string utf8 = "sku,상품명\n1,컵\n2,\"a\nb\xFF\"\n3,d\n";
  EXPECT_THAT(csv_rows(utf8), ElementsAre(row(R"({"sku":"1","상품명":"컵"})", "1,컵", 2),
                                          IsRejected("2,\"a\nb\xFF\"", 3, "byte 2 of line 4 (0xFF) is not UTF-8"),
                                          row(R"({"sku":"3","상품명":"d"})", "3,d", 5)));
  const std::string cp949 = test::to_cp949("sku,상품명\n1,컵\n") + "2,\xB0\n" + test::to_cp949("3,접시\n");
  EXPECT_THAT(csv_rows(cp949), ElementsAre(row(R"({"sku":"1","상품명":"컵"})", test::to_cp949("1,컵"), 2),
                                           IsRejected("2,\xB0", 3, "byte 3 of line 3 (0xB0) is not CP949"),
                                           row(R"({"sku":"3","상품명":"접시"})", test::to_cp949("3,접시"), 4)));
}

TEST(Csv, ABrokenHeaderIsTheFilesError) {
  const std::pair<std::string, std::string_view> cases[] = {
      {"name,price\n1,2\n", "names no column `sku`"},
      {"name,brand\n1,2\n", "names no column `sku`"},
      {"sku,\"name\" x\n1,2\n", "text behind its closing quote"},
      {"sku,\"name\n1,2\n", "never closed"},
      {"sku,이름,\xFF\n1,컵,2\n2,컵,3\n3,컵,3\n", "byte 12 of line 1 (0xFF) is not UTF-8"},
      {"sku," + std::string(kLongestRow, 'x') + "\n", "longer than 16 MiB"}};
  for (const auto& [text, why] : cases)
    EXPECT_THAT([&text = text] { (void)csv_rows(text); },
                ThrowsMessage<Error>(AllOf(HasSubstr("input"), HasSubstr(why))));
}

TEST(Csv, CanBeLeftAndResumedInTheMiddleOfARecord) {
  const std::vector<std::string> pieces{"sku,na", "me\r", "\n1,\"a\r", "\n\"", "\"b\"", "\r\n2,\"c\n", "3,d\r"};
  InputPipe pipe;
  ByteSource source = pipe.source();
  LineReader lines(source, 4);
  NamedCells columns;
  CsvReader rows(lines, FileEncoding("pipe"), "pipe", {.format = Format::csv}, columns, kNoOverlong);
  std::string text;
  std::vector<Answer> answers;
  for (const std::string& piece : pieces) {
    text += piece;
    pipe.write(piece);
    for (Answer answer = answer_of(rows); answer.got != GotRecords::nothing_yet; answer = answer_of(rows))
      answers.push_back(std::move(answer));
  }
  EXPECT_EQ(answers.size(), 1U);
  pipe.close();
  std::ranges::move(all_rows(rows), std::back_inserter(answers));
  EXPECT_EQ(answers, in_blocks(text, LineReader::kBlock));
}

}  // namespace
}  // namespace pipeline::sheet
