#include "pipeline/base/file.h"

#include "support/korean.h"
#include "upsert_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// Product files as people have them: what their author meant is stored, or the row is refused.
namespace pipeline::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ReadingRun : public ::testing::Test {
 protected:
  nlohmann::json feed(std::string_view bytes, std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.end(), {"--source", "OTHER"});
    return stand_.feed(bytes, arguments);
  }
  [[nodiscard]] SqlRows products() const {
    return stand_.query("SELECT sku, name, sale_price, stock_quantity FROM products ORDER BY sku");
  }
  static std::string error(const nlohmann::json& summary, std::size_t i = 0) {
    return summary["failures"].at(i)["error"].get<std::string>();
  }

  UpsertStand stand_;
};

TEST_F(ReadingRun, CellsOfASellersSheet) {
  const auto summary = feed(
      "sku,name,sale_price,stock_quantity\n"
      "A-1 ,컵,\"12,900\",37\n"
      "A-2\u00A0,접시,\"1,234,500\",\"1,000\"\n"
      "=\"0001\",그릇,12900원,10개\n"
      "\"=\"\"0002\"\"\",병,\"₩12,900\",0\n"
      "'0003,27\" 모니터 받침대,\"12,900 원\",\n"
      "11900000001.0,쟁반,6300.00,37.0\n"
      "A-3,공기,１２，９００\n"
      ",,,\n , ,\t,\n"
      "A-4,종지,12900 KRW,1,,\n");
  EXPECT_EQ(summary["exit_code"], 0) << summary;
  EXPECT_EQ(summary["rows_read"], 8);
  EXPECT_EQ(summary["rows_empty"], 2);
  EXPECT_EQ(products(), (SqlRows{{"0001", "그릇", "12900", "10"},
                                 {"0002", "병", "12900", "0"},
                                 {"0003", "27\" 모니터 받침대", "12900", "NULL"},
                                 {"11900000001", "쟁반", "6300", "37"},
                                 {"A-1", "컵", "12900", "37"},
                                 {"A-2", "접시", "1234500", "1000"},
                                 {"A-3", "공기", "12900", "NULL"},
                                 {"A-4", "종지", "12900", "1"}}));
}

// As the sheets for filling in of shops have them.
TEST_F(ReadingRun, RowsThatExplainTheColumnsAreNamedAndLeftOut) {
  const std::string text =
      "sku,상품명,판매가,재고수량\n필수,필수,필수,선택\n"
      "코드를 입력해 주세요,\"100자 이내,\n특수문자 제외\",숫자만,\n예시-1,머그컵,\"12,900\",10\n"
      "A-1,필수 비타민,9900,1\n필수,접시,9900,1\n";
  const std::string path = stand_.file("guides.csv", text);
  const Outcome shown = stand_.text({"--source", "OTHER", "--dry-run", path});
  EXPECT_THAT(shown.out, HasSubstr("left out below the header, as it explains the columns: 필수,필수,필수,선택 / "));
  const auto summary = feed(text);
  EXPECT_EQ(summary["inserted"], 2) << summary;
  EXPECT_EQ(summary["rows_empty"], 3);
  EXPECT_EQ(summary["readings"][0]["guides"].size(), 3U);
  // What stands below a row is a row.
  EXPECT_EQ(products(), (SqlRows{{"A-1", "필수 비타민", "9900", "1"}, {"필수", "접시", "9900", "1"}}));
}

TEST_F(ReadingRun, SumsRemarksAndTheHeaderAgainAreNoProducts) {
  const std::string text =
      "상품코드,상품명,브랜드,재고수량\nA-1,컵,가,3\n상품코드,상품명,브랜드,재고수량\nA-2,접시,나,4\n합계,,,7\n"
      "※ 재고는 매일 바뀝니다,,,\n";
  const auto summary = feed(text, {"--complete"});
  EXPECT_EQ(summary["exit_code"], 0) << summary;
  EXPECT_EQ(summary["inserted"], 2);
  EXPECT_EQ(summary["rows_empty"], 3);
  EXPECT_EQ(products(), (SqlRows{{"A-1", "컵", "NULL", "3"}, {"A-2", "접시", "NULL", "4"}}));
  const Outcome told = stand_.run({"--source", "OTHER", stand_.file("sums.csv", text)});
  EXPECT_THAT(told.err, AllOf(HasSubstr("sums.csv: line 3 is the header again and is left out: 상품코드,"),
                              HasSubstr("sums.csv: line 5 sums the rows up and is left out: 합계"),
                              HasSubstr("sums.csv: line 6 is a remark and is left out: ※ 재고는")));
}

// Two files of different columns, one put behind the other: nothing below is what the first header says.
TEST_F(ReadingRun, AnotherHeaderEndsTheFile) {
  const auto summary = feed("sku,name,brand\nA-1,컵,가\nsku,brand,name\nA-2,나,접시\n", {"--complete"});
  EXPECT_EQ(summary["exit_code"], 3) << summary;
  EXPECT_EQ(products(), (SqlRows{{"A-1", "컵", "NULL", "NULL"}}));
  EXPECT_THAT(error(summary), AllOf(HasSubstr("line 3 is another header"), HasSubstr("give the files one by one")));
  EXPECT_EQ(summary["removals"], "not checked: an input could not be read to its end");
}

TEST_F(ReadingRun, ASourceIsThatWithoutTheSpacesAroundIt) {
  const auto summary = feed("sku,name,source,sale_price\nA-1,컵, COUPANG ,1\nA-1,컵,COUPANG,2\nA-2,컵, ,3\n");
  EXPECT_EQ(summary["rejected"], 1) << summary;
  EXPECT_EQ(stand_.query("SELECT source, sku, sale_price FROM products"), (SqlRows{{"COUPANG", "A-1", "2"}}));
}

TEST_F(ReadingRun, AnAnswerOfAnApiIsNoRow) {
  const auto summary = feed(R"({"products":[{"sku":"A-1","sale_price":1}],"total":1})");
  EXPECT_THAT(error(summary), AllOf(HasSubstr("has no sku"), HasSubstr(R"(jq -c '."products"[]' FILE)")));
}

TEST_F(ReadingRun, AFormulaThatNobodyReckonedIsNoName) {
  const auto summary =
      feed("sku,name,status\nA-1,\"=HYPERLINK(\"\"https://a.example\"\",\"\"컵\"\")\",판매 중\nA-2,=컵(대),판매 중\n");
  EXPECT_THAT(error(summary), AllOf(HasSubstr("name is `=HYPERLINK("), HasSubstr("a formula that was not reckoned")));
  EXPECT_EQ(stand_.query("SELECT sku, name, status FROM products"), (SqlRows{{"A-2", "=컵(대)", "SALE"}}));
}

TEST_F(ReadingRun, AFileWithoutRowsIsTold) {
  const Outcome told = stand_.run({"--source", "OTHER", stand_.file("empty.csv", "")});
  EXPECT_EQ(told.exit_code, 0);
  EXPECT_THAT(told.err, HasSubstr("empty.csv: has no rows"));
}

TEST_F(ReadingRun, JsonLinesSayTheSame) {
  const auto summary = feed(
      "\xEF\xBB\xBF{\"sku\": 11900000001, \"name\": 123, \"sale_price\": \"12900\"}\r\n"
      "{\"sku\":\"A-2 \",\"name\":\"b\",\"sale_price\":\"₩12,900\",\"stock_quantity\":\"\"}\r\n\x1A");
  EXPECT_EQ(summary["exit_code"], 0) << summary;
  EXPECT_EQ(products(), (SqlRows{{"11900000001", "123", "12900", "NULL"}, {"A-2", "b", "12900", "NULL"}}));
  EXPECT_EQ(feed("sku,name,sale_price,stock_quantity\n11900000001,123,12900,\nA-2,b,12900,\n")["unchanged"], 2);
}

TEST_F(ReadingRun, WhatASpreadsheetHasSpoiltIsRefused) {
  const auto summary = feed(
      "sku,name,sale_price,stock_quantity\n"
      "1.19E+10,컵,12900,1\n1.19E+10,접시,9900,1\n"
      "2-Jan,병,1,1\nJan-02,병,1,1\n#N/"
      "A,병,1,1\nA-1,#REF!,1,1\nA-2,컵,12.90,1\nA-3,컵,1.2E+04,1\nA-4,컵,1,품절\nA-5,컵,-100,1\n"
      "A-6,컵,1,1\n");
  EXPECT_EQ(summary["exit_code"], 3);
  EXPECT_EQ(summary["rejected"], 10);
  EXPECT_THAT(error(summary), AllOf(HasSubstr("1.19E+10"), HasSubstr("format the column as text")));
  EXPECT_EQ(stand_.value("SELECT group_concat(sku) FROM products"), "A-6");
}

TEST_F(ReadingRun, TwoSpellingsOfAKeyAreOneProductAndToldOnce) {
  const std::string path =
      stand_.file("a.csv", "sku,name\nA-1,a\nA-1 ,b\nB,c\nB\u00A0,d\n11900000001,e\n11900000001.0,f\n");
  const Outcome outcome = stand_.run({"--source", "OTHER", path});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(summary_of(outcome)["superseded"], 3);
  EXPECT_EQ(stand_.query("SELECT sku, name FROM products ORDER BY sku"),
            (SqlRows{{"11900000001", "f"}, {"A-1", "b"}, {"B", "d"}}));
  const std::string told = "are one product, ";
  const auto at = outcome.err.find(told);
  ASSERT_NE(at, std::string::npos) << outcome.err;
  EXPECT_EQ(outcome.err.find(told, at + 1), std::string::npos) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr(path + ": `11900000001` (line 6) and `11900000001.0` (line 7)"));
}

TEST_F(ReadingRun, ColumnsThatAreNotKnownAreNamedOnceAFile) {
  const std::string csv = stand_.file("a.csv", "sku,name,sale_pirce,이미지,이미지\n1,a,5,x,y\n2,b,6,z,w\n");
  const std::string jsonl = stand_.file("b.jsonl", "{\"sku\":\"3\",\"name\":\"c\",\"options\":[]}\n");
  const Outcome outcome = stand_.run({"--source", "OTHER", csv, jsonl});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(
      outcome.err,
      AllOf(HasSubstr(
                csv +
                ": columns that are not known stay in raw_json alone: sale_pirce (did you mean sale_price?), 이미지, "
                "이미지_2"),
            HasSubstr(jsonl + ": columns that are not known stay in raw_json alone: options"),
            HasSubstr("column 5 is kept as `이미지_2`")));
  const auto told = summary_of(outcome)["unknown_columns"];
  ASSERT_EQ(told.size(), 4U);
  EXPECT_EQ(told[0], (nlohmann::json{{"file", csv}, {"column", "sale_pirce"}, {"did_you_mean", "sale_price"}}));
  EXPECT_EQ(told[3], (nlohmann::json{{"file", jsonl}, {"column", "options"}, {"did_you_mean", nullptr}}));
  EXPECT_EQ(stand_.value("SELECT raw_json ->> '$.이미지_2' FROM products WHERE sku = '1'"), "y");
}

TEST_F(ReadingRun, AFileOfWhichNothingButTheKeyIsKnownIsRefused) {
  for (const std::string& text : {std::string("SKU,품목,소매가\nA-1,컵,12900\n"), std::string("sku\nA-1\n"),
                                  std::string("{\"sku\":\"A-1\",\"품목\":\"컵\"}\n"), to_cp949("sku,품목\nA-1,컵\n")}) {
    const auto refused = feed(text);
    EXPECT_EQ(refused["exit_code"], 3);
    EXPECT_EQ(refused["files_failed"], 1);
    EXPECT_EQ(refused["rows_read"], 0);
    EXPECT_THAT(error(refused), AllOf(HasSubstr("cannot read "), HasSubstr("known but `sku`"),
                                      HasSubstr("--map COLUMN=FIELD"), HasSubstr("--only-known")));
    EXPECT_EQ(stand_.value("SELECT count(*) FROM products"), "0");
  }
  EXPECT_THAT(error(feed("sku,품목,소매가\nA-1,컵,12900\n")), HasSubstr("not known: 품목, 소매가"));
  const auto meant = feed("sku,품목\nA-1,컵\n", {"--only-known"});
  EXPECT_EQ(meant["exit_code"], 0) << meant;
  EXPECT_EQ(meant["inserted"], 1);
}

TEST_F(ReadingRun, AFileOfAnOldProgramEndsWithCtrlZ) {
  const auto summary = feed(to_cp949("sku,name,sale_price\r\nA-1,머그컵,12900\r\n") + "\x1A");
  EXPECT_EQ(summary["exit_code"], 0) << summary;
  EXPECT_EQ(products(), (SqlRows{{"A-1", "머그컵", "12900", "NULL"}}));
}

TEST_F(ReadingRun, ANulCostsItsRowEarlyAndLate) {
  using namespace std::string_literals;
  const auto early = feed("sku,name,sale_price\nA-1,머그\0컵,12900\nA-2,접시,9900\n"s);
  EXPECT_EQ(early["rejected"], 1);
  EXPECT_THAT(error(early), HasSubstr("NUL byte"));
  EXPECT_EQ(early["inserted"], 1);
  const auto tail = feed("sku,name,sale_price\nA-2,접시,9900\n"s + std::string(64, '\0'));
  EXPECT_EQ(tail["rejected"], 1);
  EXPECT_EQ(tail["unchanged"], 1);
  EXPECT_EQ(feed("{\"sku\":\"A-3\",\"name\":\"a\0b\"}\n{\"sku\":\"A-4\",\"name\":\"c\"}\n"s)["rejected"], 1);
}

TEST_F(ReadingRun, AQuoteThatIsNeverClosedCostsItsRowAlone) {
  const auto summary = feed("sku,name,sale_price\nA-1,\"27 stand,35000\nA-2,dish,9900\nA-3,cup,100\n");
  EXPECT_EQ(summary["rejected"], 1);
  EXPECT_EQ(summary["inserted"], 2);
  EXPECT_THAT(error(summary), HasSubstr("the quote opened in line 2 is never closed"));
}

}  // namespace
}  // namespace pipeline::test
