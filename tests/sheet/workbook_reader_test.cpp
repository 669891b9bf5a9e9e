#include "pipeline/base/error.h"
#include "pipeline/base/file.h"

#include "inputs.h"
#include "sheet_rows.h"
#include "support/workbook_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

namespace pipeline::sheet {
namespace {

using test::BookCell;
using test::WorkbookFile;
using testing::AllOf;
using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::ThrowsMessage;
using GotRows = RowReader::Got;
using Kind = BookCell::Kind;

class Workbooks : public ::testing::Test {
 protected:
  std::string written(const WorkbookFile& book) {
    const auto path = dir_ / "상품 목록.xlsx";
    book.write(path);
    return path.string();
  }
  std::string written(std::vector<test::BookRow> rows) {
    return written(WorkbookFile().add({"상품", std::move(rows), "", ""}));
  }
  static std::vector<Answer> rows_of_file(const std::string& path, const Layout& layout = {}) {
    ByteSource source(path);
    return all_rows(*Reader(source, layout));
  }
  static Reading reading_of(const std::string& path, const Layout& layout = {}) {
    ByteSource source(path);
    const Reader rows(source, layout);
    (void)all_rows(*rows);
    return rows->reading();
  }
  template <typename Matcher>
  static void expect_refused(const std::string& path, const Matcher& why, const Layout& layout = {}) {
    EXPECT_THAT([&] { (void)rows_of_file(path, layout); },
                ThrowsMessage<Error>(AllOf(HasSubstr("cannot read " + path), why)));
  }
  std::string with_sheet(std::string xml) {
    return written(
        WorkbookFile()
            .add({"a", {}, "", ""})
            .part("xl/worksheets/sheet1.xml", "<?xml version=\"1.0\"?><worksheet>" + std::move(xml) + "</worksheet>"));
  }

  test::TempDir dir_;
};

TEST_F(Workbooks, ARowIsARecordOfItsCells) {
  const auto path = written({{"sku", "name", "sale_price", "색상"},
                             {"A-1", "머그컵 \"큰\"", 12900, "빨강"},
                             {std::int64_t{11900000001}, BookCell::of(Kind::inline_text, "접시, 둘"), 0},
                             {},
                             {"A-3", {}, 5, "a <b> & c"}});
  EXPECT_THAT(
      rows_of_file(path),
      ElementsAre(Answer{GotRows::row, R"({"sku":"A-1","name":"머그컵 \"큰\"","sale_price":12900,"색상":"빨강"})",
                         "A-1,\"머그컵 \"\"큰\"\"\",12900,빨강", 2, ""},
                  Answer{GotRows::row, R"({"sku":"11900000001","name":"접시, 둘","sale_price":0,"색상":null})",
                         "11900000001,\"접시, 둘\",0", 3, ""},
                  Answer{GotRows::row, R"({"sku":"A-3","name":null,"sale_price":5,"색상":"a <b> & c"})",
                         "A-3,,5,a <b> & c", 5, ""}));
  ByteSource source(path);
  const Reader rows(source);
  (void)all_rows(*rows);
  EXPECT_EQ(rows->header(), "sku,name,sale_price,색상");
  EXPECT_EQ(source.bytes_read(), source.size());
}

TEST_F(Workbooks, ValuesAreWhatWasStored) {
  const auto path =
      written({{"sku", "name", "x"},
               {"1", "number", BookCell::of(Kind::number, "9007199254740993")},
               {"2", "notation", BookCell::of(Kind::number, "1.2345678901234568E+16")},
               {"3", "date", BookCell::of(Kind::number, "46027", WorkbookFile::kDate)},
               {"4", "date and time", BookCell::of(Kind::number, "46027.424444444441", WorkbookFile::kDateTime)},
               {"5", "zeros", BookCell::of(Kind::number, "42", WorkbookFile::kFiveDigits)},
               {"6", "thousands", BookCell::of(Kind::number, "12900", WorkbookFile::kThousands)},
               {"7", "truth", BookCell::of(Kind::truth, "1")},
               {"8", "error", BookCell::of(Kind::error, "#N/A")},
               {"9", "formula", BookCell::of(Kind::formula, "12900", 0, "SUM(A1:A9)*1.1")},
               {"10", "formula of text", BookCell::of(Kind::formula, "a b", 0, "A1&\" \"&B1")},
               {"11", "escape", BookCell::of(Kind::inline_text, "a_x000A_b_x005F_c_xZZZZ_")},
               {"12", "blanks", " a "},
               {"13", "noise", BookCell::of(Kind::number, "12900.000000000002")},
               {"14", "digits", BookCell::of(Kind::number, "9007199254740993.5")}});
  std::vector<std::string> values;
  for (const Answer& answer : rows_of_file(path)) {
    EXPECT_EQ(answer.got, GotRows::row) << answer;
    values.push_back(answer.json.substr(answer.json.find("\"x\":") + 4));
  }
  EXPECT_THAT(values, ElementsAre(R"("9007199254740993"})", R"("1.2345678901234568E+16"})", R"("2026-01-05"})",
                                  R"("2026-01-05 10:11:12"})", R"("00042"})", R"("12900"})", R"("TRUE"})", R"("#N/A"})",
                                  R"("12900"})", R"("a b"})", R"("a\nb_c_xZZZZ_"})", R"(" a "})", R"("12900"})",
                                  R"("9007199254740993.5"})"));
}

TEST_F(Workbooks, DatesMayCountFrom1904) {
  const auto path = written(WorkbookFile().from_1904().add(
      {"a", {{"sku", "name"}, {"1", BookCell::of(Kind::number, "44565", WorkbookFile::kDate)}}, "", ""}));
  EXPECT_THAT(rows_of_file(path).at(0).json, HasSubstr("2026-01-05"));
}

TEST_F(Workbooks, AFormulaWithoutItsValueCostsItsRow) {
  const auto path = written({{"sku", "name"}, {"1", BookCell::of(Kind::formula, "", 0, "A1")}, {"2", "b"}});
  const auto rows = rows_of_file(path);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].error, "has a formula without its value");
  EXPECT_EQ(rows[1].got, GotRows::row);
}

TEST_F(Workbooks, RichTextIsItsTextWithoutHowItIsSaid) {
  const auto path = written(
      WorkbookFile()
          .add({"a", {{"sku", "name"}, {"1", "x"}}, "", ""})
          .part("xl/sharedStrings.xml",
                "<sst><si><t>sku</t></si><si><r><rPr><b/></rPr><t>na</t></r><r><t>me</t></r></si><si><t>1</t></si>"
                "<si><r><t xml:space=\"preserve\">강력 </t></r><r><t>(强力)</t></r><rPh sb=\"0\" "
                "eb=\"2\"><t>강력</t></rPh></si></sst>"));
  EXPECT_EQ(rows_of_file(path).at(0).json, "{\"sku\":\"1\",\"name\":\"강력 (强力)\"}");
}

TEST_F(Workbooks, ATitleAboveTheHeaderIsLeftOutAndTold) {
  const auto path = written(WorkbookFile().add(
      {"상품",
       {{"2026년 상품 목록"}, {}, {"받은 날", BookCell::of(Kind::number, "46027", 1)}, {"sku", "name"}, {"1", "a"}},
       "",
       "A1:F1"}));
  EXPECT_THAT(rows_of_file(path), ElementsAre(Answer{GotRows::row, R"({"sku":"1","name":"a"})", "1,a", 5, ""}));
  const Reading reading = reading_of(path);
  EXPECT_EQ(reading.header_row, 4);
  EXPECT_THAT(reading.above, ElementsAre("2026년 상품 목록", "받은 날,2026-01-05"));
  EXPECT_EQ(reading.format, "workbook (.xlsx)");
}

TEST_F(Workbooks, TheFirstSheetWithAHeaderIsTaken) {
  const auto path = written(WorkbookFile()
                                .add({"안내", {{"이 파일은"}, {"상품 목록입니다"}}, "", ""})
                                .add({"숨긴 것", {{"sku", "name"}, {"hidden", "x"}}, "hidden", ""})
                                .add({"상품", {{"sku", "name"}, {"1", "a"}}, "", ""})
                                .add({"옛 상품", {{"sku", "name"}, {"2", "b"}, {"3", "c"}}, "", ""}));
  EXPECT_THAT(rows_of_file(path), ElementsAre(Answer{GotRows::row, R"({"sku":"1","name":"a"})", "1,a", 2, ""}));
  EXPECT_EQ(reading_of(path).sheet, "상품");
  EXPECT_THAT(reading_of(path).other_sheets, ElementsAre("안내", "숨긴 것", "옛 상품"));
  for (const std::string sheet : {"옛 상품", "4", " 옛 상품"})
    EXPECT_EQ(rows_of_file(path, {.sheet = sheet}).size(), 2U) << sheet;
  EXPECT_EQ(rows_of_file(path, {.sheet = "숨긴 것"}).size(), 1U);
  expect_refused(path, AllOf(HasSubstr("no sheet `none`"), HasSubstr("`숨긴 것` (hidden)")), {.sheet = "none"});
  expect_refused(path, HasSubstr("no row near the top of its sheets names a column `sku`"), {.sheet = "안내"});
  EXPECT_EQ(rows_of_file(path, {.header_row = 1, .sheet = "4"}).size(), 2U);
  expect_refused(path, HasSubstr("nothing in row 7"), {.header_row = 7});
}

TEST_F(Workbooks, CellsBelowEachOtherThatAreOneHaveItsValueEach) {
  const auto path = written(WorkbookFile().add(
      {"상품",
       {{"sku", "name", "x"}, {"1", "셔츠", "a"}, {"2", {}, "b"}, {"3", {}, {}}, {"4", "바지", "c"}, {"5", {}, {}}},
       "",
       "B2:B4 C3:C4 A1:C1"}));
  std::vector<std::string> rows;
  for (const Answer& answer : rows_of_file(path)) rows.push_back(answer.json);
  EXPECT_THAT(rows, ElementsAre(R"({"sku":"1","name":"셔츠","x":"a"})", R"({"sku":"2","name":"셔츠","x":"b"})",
                                R"({"sku":"3","name":"셔츠","x":"b"})", R"({"sku":"4","name":"바지","x":"c"})",
                                R"({"sku":"5","name":null,"x":null})"));
}

TEST_F(Workbooks, ACellBesideTheHeaderCostsItsRow) {
  const auto path = written({{"sku", "name"}, {"1", "a", " "}, {"2", "b", {}, "c"}});
  const auto rows = rows_of_file(path);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].got, GotRows::row);
  EXPECT_EQ(rows[1].error, "has `c` in column D, which the header does not name");
}

TEST_F(Workbooks, ComesFromAPipeToo) {
  const auto path = written({{"sku", "name"}, {"1", "a"}});
  InputPipe pipe;
  ByteSource source = pipe.source();
  const Reader rows(source);
  const std::string bytes = read_file(path);
  pipe.write(bytes.substr(0, 100));
  EXPECT_EQ(answer_of(*rows).got, GotRows::nothing_yet);
  pipe.write(bytes.substr(100));
  pipe.close();
  EXPECT_THAT(all_rows(*rows), ElementsAre(Answer{GotRows::row, R"({"sku":"1","name":"a"})", "1,a", 2, ""}));
}

TEST_F(Workbooks, WhatIsNoWorkbookIsToldWithWhatToDo) {
  const auto zip = [&](const std::vector<std::pair<std::string, std::string>>& files) {
    const auto path = dir_ / "a.zip";
    test::write_zip(path, files);
    return path.string();
  };
  expect_refused(zip({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, {"content.xml", "<x/>"}}),
                 AllOf(HasSubstr(".ods"), HasSubstr("save it as .xlsx")));
  expect_refused(zip({{"xl/workbook.bin", "x"}}), HasSubstr(".xlsb"));
  expect_refused(zip({{"Index/Document.iwa", "x"}}), HasSubstr("Numbers"));
  expect_refused(zip({{"word/document.xml", "<x/>"}}), HasSubstr("Word document"));
  expect_refused(zip({{"products.csv", "sku\n1\n"}}), HasSubstr("unpack it first"));
  expect_refused(zip({{"xl/workbook.xml", "<workbook><sheets/></workbook>"}}),
                 AllOf(HasSubstr("damaged"), HasSubstr("no sheet")));

  const auto ole = [&](const std::string& bytes) {
    const auto path = dir_ / "a.xls";
    std::ofstream(path, std::ios::binary) << "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" << std::string(5000, '\0') << bytes;
    return path.string();
  };
  expect_refused(ole(""), AllOf(HasSubstr(".xls"), HasSubstr("save it as .xlsx"), Not(HasSubstr("password"))));
  std::string name;
  for (const char c : std::string("EncryptedPackage")) name += std::string(1, c) + '\0';
  expect_refused(ole(name), HasSubstr("password"));
}

TEST_F(Workbooks, ADamagedOneIsRefusedByName) {
  const auto path = written({{"sku", "name"}, {"1", "a"}});
  const std::string bytes = read_file(path);
  for (const std::size_t size : {bytes.size() / 2, bytes.size() - 1, std::size_t{30}}) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes.substr(0, size);
    expect_refused(path, HasSubstr("damaged"));
  }
  expect_refused(with_sheet("<sheetData><row"), HasSubstr("XML is broken"));
  expect_refused(with_sheet("<sheetData><row r=\"2\"/><row r=\"2\"/></sheetData>"), HasSubstr("behind its row 2"));
  expect_refused(with_sheet("<sheetData><row r=\"x\"/></sheetData>"), HasSubstr("comes a row `x`"));
  expect_refused(with_sheet("<sheetData><row><c r=\"B1\"/><c r=\"A1\"/></row></sheetData>"),
                 HasSubstr("a cell `A1` where none can be"));
}

TEST_F(Workbooks, ATextThatIsNotThereCostsItsRow) {
  const auto path = with_sheet(
      "<sheetData><row><c t=\"inlineStr\"><is><t>sku</t></is></c></row><row><c t=\"s\"><v>7</v></c></row>"
      "<row><c t=\"inlineStr\"><is><t>2</t></is></c></row></sheetData>");
  const auto rows = rows_of_file(path);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].error, "its cell A2 has text 7, and the workbook has 0 of them");
  EXPECT_EQ(rows[1].line, 3);
}

TEST_F(Workbooks, APrefixOfTheNamespaceMakesNoDifference) {
  const auto path = written(WorkbookFile()
                                .add({"a", {}, "", ""})
                                .part("xl/worksheets/sheet1.xml",
                                      "<x:worksheet xmlns:x=\"urn:x\"><x:sheetData><x:row><x:c "
                                      "t=\"str\"><x:v>sku</x:v></x:c></x:row><x:row><x:c><x:v>5</x:v></x:c>"
                                      "</x:row></x:sheetData></x:worksheet>"));
  EXPECT_EQ(rows_of_file(path).at(0).json, R"({"sku":"5"})");
}

TEST_F(Workbooks, ThoseThatAreMadeToDoHarmAreRefused) {
  const auto many = [](const std::string& piece, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) text += piece;
    return text;
  };
  // A million columns without anything in them.
  expect_refused(with_sheet("<sheetData><row>" + many("<c/>", 1'000'000) + "</row></sheetData>"),
                 HasSubstr("more columns than the 16384"));
  expect_refused(with_sheet("<sheetData><row r=\"1\"><c r=\"ZZZZ1\"/></row></sheetData>"), HasSubstr("more columns"));
  expect_refused(with_sheet("<sheetData><row r=\"99999999999\"/></sheetData>"), HasSubstr("1048576 at most"));
  expect_refused(with_sheet(many("<a>", 1000)), HasSubstr("nested without end"));
  expect_refused(with_sheet("<sheetData " + many("a='b' ", 400'000) + "/>"),
                 AnyOf(HasSubstr("tag without end"), HasSubstr("duplicate attribute")));
  expect_refused(
      written(WorkbookFile()
                  .add({"a", {}, "", ""})
                  .part("xl/worksheets/sheet1.xml", "<!DOCTYPE a [<!ENTITY b \"bb\">]><worksheet>&b;</worksheet>")),
      HasSubstr("document type"));
  // A hundred megabytes of texts in some kilobytes.
  expect_refused(
      written(WorkbookFile()
                  .add({"a", {{"sku", "name"}}, "", ""})
                  .part("xl/sharedStrings.xml",
                        "<sst>" + many("<si><t>" + std::string(1000, 'x') + "</t></si>", 100'000) + "</sst>")),
      AllOf(HasSubstr("xl/sharedStrings.xml"), HasSubstr("as no spreadsheet program writes it")));
  expect_refused(
      written(WorkbookFile()
                  .add({"a", {{"sku", "name"}}, "", ""})
                  .part("xl/sharedStrings.xml", "<sst><si><t>" + std::string(20 << 20, 'x') + "</t></si></sst>")),
      HasSubstr("longer than 16 MiB"));
}

// As Excel for the web calls its parts now and then, and as old programs of Windows name them.
TEST_F(Workbooks, PartsAreFoundByWhatTheArchiveCallsThem) {
  const auto relationship = [](const std::string& type, const std::string& target) {
    return "<Relationships><Relationship Id=\"r1\" Type=\"http://x/" + type + "\" Target=\"" + target +
           "\"/></Relationships>";
  };
  const auto files = [&](const std::string& workbook) {
    return std::vector<std::pair<std::string, std::string>>{
        {"_rels/.rels", relationship("officeDocument", "xl/" + workbook)},
        {"xl/" + workbook, "<workbook><sheets><sheet name=\"a\" r:id=\"r1\"/></sheets></workbook>"},
        {"xl/_rels/" + workbook + ".rels", relationship("worksheet", "worksheets/s.xml")},
        {"xl/worksheets/s.xml",
         "<worksheet><sheetData><row><c "
         "t=\"str\"><v>sku</v></c></row><row><c><v>5</v></c></row></sheetData></worksheet>"}};
  };
  const std::string path = dir_ / "parts.xlsx";
  test::write_zip(path, files("workbook2.xml"));
  EXPECT_EQ(rows_of_file(path).at(0).json, R"({"sku":"5"})");

  test::write_zip(path, files("workbook.xml"));
  std::string bytes = read_file(path);
  for (const auto& [name, content] : files("workbook.xml")) {
    std::string of_windows = name;
    std::ranges::replace(of_windows, '/', '\\');
    for (std::size_t at = bytes.find(name); at != std::string::npos; at = bytes.find(name, at + 1))
      bytes.replace(at, name.size(), of_windows);
  }
  std::ofstream(path, std::ios::binary) << bytes;
  EXPECT_EQ(rows_of_file(path).at(0).json, R"({"sku":"5"})");

  test::write_zip(path, {{"_rels/.rels", relationship("officeDocument", "word/document.xml")},
                         {"word/document.xml", "<document/>"}});
  expect_refused(path, HasSubstr("a Word document"));
}

TEST_F(Workbooks, AFormatThatIsNamedIsBelieved) {
  const auto path = written({{"sku", "name"}, {"1", "a"}});
  EXPECT_EQ(rows_of_file(path, {.format = Format::xlsx}).size(), 1U);
  expect_refused(path, HasSubstr("--format says something else"), {.format = Format::csv});
  const InputFile text("sku,name\n1,a\n");
  expect_refused(text.path(), HasSubstr("it is a text, and --format says xlsx"), {.format = Format::xlsx});
}

TEST(ColumnLetters, AreThoseOfASheet) {
  EXPECT_EQ(column_letters(0), "A");
  EXPECT_EQ(column_letters(25), "Z");
  EXPECT_EQ(column_letters(26), "AA");
  EXPECT_EQ(column_letters(16'383), "XFD");
}

}  // namespace
}  // namespace pipeline::sheet
