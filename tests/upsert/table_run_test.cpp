#include "pipeline/base/characters.h"
#include "pipeline/base/file.h"

#include "support/korean.h"
#include "support/workbook_file.h"
#include "upsert_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// Tables as sellers have them: told by their content, and by what their columns are called.
namespace pipeline::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class TableRun : public ::testing::Test {
 protected:
  [[nodiscard]] SqlRows products() const {
    return stand_.query("SELECT sku, name, sale_price, stock_quantity FROM products ORDER BY sku");
  }
  [[nodiscard]] std::string only(const std::string& column) const {
    return stand_.value("SELECT " + column + " FROM products");
  }
  static std::string error(const json& summary, std::size_t i = 0) {
    return summary["failures"].at(i)["error"].get<std::string>();
  }
  // A workbook by this name beside the database.
  [[nodiscard]] std::string book(const std::string& name, const WorkbookFile& file) const {
    const auto path = stand_.folder() / name;
    file.write(path);
    return path.string();
  }

  UpsertStand stand_;
};

constexpr const char* kSmartStore =
    "상품번호(스마트스토어),판매자상품코드,상품명,판매상태,전시상태,재고수량,판매가,할인가(PC),할인가(모바일),대분류,"
    "중분류,소분류,세분류,대표이미지 "
    "URL,상품등록일,최종수정일\r\n"
    "11900000007,CUP-007,겨울 "
    "머그컵,판매중,전시중,37,\"12,900\",11900,11800,생활/건강,주방용품,잔/컵,머그,https://a.test/a.jpg,2026-01-05 "
    "10:11:12,2026-02-01 01:02:03\r\n"
    "11900000008,,여름 접시,품절,전시중지,0,9900,9900,9900,생활/건강,주방용품,,,,,\r\n";

TEST_F(TableRun, TheSellerCentresOwnDownload) {
  const auto summary = stand_.feed(std::string("\xEF\xBB\xBF") + kSmartStore);
  EXPECT_EQ(summary["exit_code"], 0) << summary;
  EXPECT_EQ(stand_.query(
                "SELECT sku, channel_product_no, seller_management_code, name, status, display_status, sale_price, "
                "discounted_price, stock_quantity, category_name, image_url, modified_at FROM products ORDER BY sku"),
            (SqlRows{{"11900000007", "11900000007", "CUP-007", "겨울 머그컵", "SALE", "ON", "12900", "11900", "37",
                      "생활/건강>주방용품>잔/컵>머그", "https://a.test/a.jpg", "2026-02-01 01:02:03"},
                     {"11900000008", "11900000008", "NULL", "여름 접시", "OUTOFSTOCK", "SUSPENSION", "9900", "9900",
                      "0", "생활/건강>주방용품", "NULL", "NULL"}}));
  EXPECT_EQ(stand_.value("SELECT raw_json ->> '$.할인가(모바일)' FROM products"), "11800")
      << "kept with the rest of the row";
  EXPECT_EQ(summary["unknown_columns"], json::array());
  const auto& reading = summary["readings"].at(0);
  EXPECT_EQ(reading["read_as"], "a SmartStore product list");
  EXPECT_EQ(reading["known_columns"], 16);
  EXPECT_EQ(reading["columns"].at(0),
            (json{{"column", "상품번호(스마트스토어)"}, {"field", "sku, channel_product_no"}}));
  EXPECT_EQ(reading["columns"].at(8), (json{{"column", "할인가(모바일)"}, {"field", "raw_json"}}));
  EXPECT_EQ(reading["columns"].at(10), (json{{"column", "중분류"}, {"field", "category_name, level 2"}}));

  EXPECT_EQ(stand_.feed(to_cp949(kSmartStore))["unchanged"], 2) << "in any encoding it is the same";
}

TEST_F(TableRun, IsReadAsAKnownFileWhateverTheSpellingOfItsNames) {
  std::string spelt(kSmartStore);
  spelt.replace(0, std::string("상품번호(스마트스토어),판매자상품코드").size(),
                "상품번호 [스마트스토어],\u1111\u1161\u11AB매자 상품코드");
  const Outcome outcome = stand_.run({stand_.file("스마트스토어상품_20261126.csv", spelt + "x,y\n")});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(
      outcome.err,
      HasSubstr("스마트스토어상품_20261126.csv: read as a SmartStore product list (16 of 16 columns known), CSV in "
                "UTF-8, separated by commas, header in line 1"));
  EXPECT_EQ(stand_.value("SELECT count(*) FROM products"), "2");
}

TEST_F(TableRun, ASellersCodeIsTheKeyWhereThatIsSaid) {
  const std::string codes = "판매자상품코드,상품명,판매가\nCUP-1,컵,100\n";
  const auto refused = stand_.feed(codes);
  EXPECT_EQ(refused["exit_code"], 3);
  EXPECT_THAT(error(refused),
              AllOf(HasSubstr("names no column `sku`"), HasSubstr("--sku-from seller_management_code")));
  EXPECT_EQ(stand_.feed(codes, {"--sku-from", "seller_management_code"})["inserted"], 1);
  EXPECT_EQ(stand_.query("SELECT sku, seller_management_code FROM products"), (SqlRows{{"CUP-1", "CUP-1"}}));
  const auto both = stand_.feed("sku,판매자상품코드,판매가\n1,CUP-1,100\n", {"--sku-from", "seller_management_code"});
  EXPECT_THAT(error(both), AllOf(HasSubstr("`sku`"), HasSubstr("`판매자상품코드`"), HasSubstr("leave one out")));
}

TEST_F(TableRun, OtherShopsFilesMeanWhatTheyMeanThere) {
  const auto cafe24 = stand_.feed(
      "상품코드,자체 상품코드,진열상태,판매상태,상품분류 "
      "번호,상품명,공급가,판매가\r\nP00000JU,MUG-2,Y,N,29,머그컵,4940.00,6300.00\r\n",
      {"--source", "CAFE24"});
  EXPECT_EQ(cafe24["exit_code"], 0) << cafe24;
  EXPECT_EQ(
      stand_.query("SELECT sku, seller_management_code, display_status, status, category_id, sale_price FROM products"),
      (SqlRows{{"P00000JU", "MUG-2", "ON", "SUSPENSION", "29", "6300"}}));
  stand_.execute("DELETE FROM products");

  const auto coupang = stand_.feed(
      "가격 재고 관리,,,,,,,\r\n\r\n업체상품 ID,등록상품명,옵션 ID,쿠팡 "
      "노출상품명,판매가격,할인율기준가,잔여수량(재고),판매상태\r\n"
      "15000000001,머그컵,90000000001,머그컵 1개,\"12,900원\",15000,37,판매중\r\n",
      {"--source", "COUPANG"});
  EXPECT_EQ(coupang["exit_code"], 0) << coupang;
  EXPECT_EQ(stand_.query("SELECT sku, origin_product_no, name, sale_price, stock_quantity, status FROM products"),
            (SqlRows{{"90000000001", "15000000001", "머그컵 1개", "12900", "37", "SALE"}}));
  EXPECT_EQ(only("raw_json ->> '$.등록상품명'"), "머그컵");
  stand_.execute("DELETE FROM products");

  const auto google = stand_.feed(
      "id\ttitle\tprice\tsale_price\tavailability\tlink\timage_link\tbrand\nA-1\t머그컵\t15000 KRW\t12900 "
      "KRW\tout_of_stock\thttps://a.test/1\t"
      "https://a.test/1.jpg\t가나\n",
      {"--source", "FEED"});
  EXPECT_EQ(google["exit_code"], 0) << google;
  EXPECT_EQ(stand_.query("SELECT sku, name, sale_price, discounted_price, status, image_url, brand FROM products"),
            (SqlRows{{"A-1", "머그컵", "15000", "12900", "OUTOFSTOCK", "https://a.test/1.jpg", "가나"}}));
  stand_.execute("DELETE FROM products");

  const auto naver = stand_.feed(
      "id\ttitle\tprice_pc\tprice_mobile\tnormal_price\tcategory_name1\tcategory_name2\tmaker\nA-"
      "1\t머그컵\t12900\t12800\t15000\t생활\t주방\t다라\n",
      {"--source", "FEED"});
  EXPECT_EQ(naver["exit_code"], 0) << naver;
  EXPECT_EQ(stand_.query("SELECT sku, name, sale_price, category_name, manufacturer FROM products"),
            (SqlRows{{"A-1", "머그컵", "12900", "생활>주방", "다라"}}));
  for (const auto& summary : {cafe24, coupang, google, naver}) EXPECT_EQ(summary["unknown_columns"], json::array());
}

TEST_F(TableRun, AnotherShopsProductsInTheOwnStoreAreDoubted) {
  const auto path = stand_.file("쿠팡.csv", "옵션 ID,등록상품ID,판매가격\n1,2,3\n");
  EXPECT_THAT(stand_.run({path}).err,
              HasSubstr("taken as those of MY_STORE; if they are not, say so: --source COUPANG"));
  EXPECT_THAT(stand_.run({path, "--source", "COUPANG"}).err, Not(HasSubstr("say so")));
}

TEST_F(TableRun, KoreanNamesInAFileOfNobodysAreKnown) {
  const auto summary =
      stand_.feed("SKU,상품명,판매가,재고수량,옵션값\nA-1,컵,\"12,900원\",37,빨강\n", {"--source", "OTHER"});
  EXPECT_EQ(summary["exit_code"], 0) << summary;
  EXPECT_EQ(products(), (SqlRows{{"A-1", "컵", "12900", "37"}}));
  EXPECT_EQ(summary["unknown_columns"].size(), 1U);
  EXPECT_EQ(summary["readings"].at(0)["read_as"], nullptr);
}

TEST_F(TableRun, SeparatorsAndEncodingsAreFound) {
  const std::string table = "sku;name;sale_price\r\nA-1;머그컵;12900\r\n";
  std::string utf16 = "\xFF\xFE";
  for (const char32_t c : to_characters("sku\tname\tsale_price\r\nA-1\t머그컵\t12900\r\n")) {
    utf16 += static_cast<char>(c & 0xFFU);
    utf16 += static_cast<char>(c >> 8U);
  }
  for (const std::string& bytes :
       {table, to_cp949(table), "sep=;\r\n" + table, utf16, std::string("sku|name|sale_price\nA-1|머그컵|12900\n"),
        std::string("상품 목록;;\r\n다운로드;2026-11-26;\r\n;;\r\n") + table}) {
    const auto summary = stand_.feed(bytes, {"--source", "OTHER"});
    EXPECT_EQ(summary["exit_code"], 0) << summary;
    EXPECT_EQ(products(), (SqlRows{{"A-1", "머그컵", "12900", "NULL"}})) << bytes;
  }
  EXPECT_EQ(stand_.feed("sku~name\nA-1~b\n", {"--source", "OTHER", "--delimiter", "~"})["updated"], 1);
  EXPECT_EQ(stand_.feed("sku;name\nA-2;b,c\n", {"--source", "OTHER", "--delimiter", "semicolon"})["inserted"], 1);
  EXPECT_EQ(stand_.feed("sku,name\nx,y\nsku,name\nA-3,c\n", {"--source", "OTHER", "--header-row", "3"})["rows_read"],
            1);
  EXPECT_EQ(stand_.feed("sku,name\nA-4,First\x96"
                        "Citizens\n",
                        {"--source", "OTHER", "--encoding", "windows-1252"})["inserted"],
            1);
  EXPECT_EQ(stand_.value("SELECT name FROM products WHERE sku = 'A-4'"), "First–Citizens");
}

TEST_F(TableRun, WhatNobodyKnowsIsMapped) {
  const std::string text = "품목,소매가,상품명,내부 메모\nA-1,12900,컵,x\n";
  EXPECT_THAT(error(stand_.feed(text)), HasSubstr("names no column `sku`"));
  const auto summary =
      stand_.feed(text, {"--map", "품목=sku", "--map", "소매가=sale_price", "--map", "내부메모=raw_json"});
  EXPECT_EQ(summary["exit_code"], 0) << summary;
  EXPECT_EQ(products(), (SqlRows{{"A-1", "컵", "12900", "NULL"}}));
  EXPECT_EQ(only("raw_json ->> '$.내부 메모'"), "x");
  EXPECT_EQ(summary["unknown_columns"], json::array());
}

TEST_F(TableRun, TheConfigFileMapsToo) {
  const auto config =
      stand_.file("config.toml",
                  "[upsert]\nsource = \"OTHER\"\n[upsert.map]\n\"품목\" = \"sku\"\n\"소매가, 원\" = \"sale_price\"\n");
  const std::string text = "품목,\"소매가, 원\",이름\nA-1,12900,컵\n";
  EXPECT_EQ(stand_.feed(text, {"--config", config})["inserted"], 1);
  EXPECT_EQ(stand_.query("SELECT sku, sale_price, source FROM products"), (SqlRows{{"A-1", "12900", "OTHER"}}));
  const auto over = stand_.feed(text, {"--config", config, "--map", "품목=sku", "--map", "이름=name"});
  EXPECT_EQ(only("name"), "컵") << over << "the command line counts more";
  const auto wrong = stand_.file("wrong.toml", "[upsert.map]\n\"품목\" = \"skus\"\n");
  const Outcome outcome = stand_.run({"--config", wrong, stand_.file("a", text)});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err,
              AllOf(HasSubstr("wrong.toml:"), HasSubstr("there is no field skus"), HasSubstr("did you mean")));
}

TEST_F(TableRun, TwoColumnsForOneFieldAreRefusedAndBothNamed) {
  EXPECT_THAT(error(stand_.feed("sku,sale_price,판매가\n1,2,3\n")),
              AllOf(HasSubstr("`sale_price` and `판매가` both are sale_price"), HasSubstr("--map '판매가=raw_json'")));
  EXPECT_THAT(error(stand_.feed("sku,가격,판매가\n1,2,3\n", {"--map", "가격=sale_price"})),
              HasSubstr("`가격` and `판매가` both are"));
  EXPECT_EQ(
      stand_.feed("sku,가격,판매가\n1,2,3\n", {"--map", "가격=sale_price", "--map", "판매가=raw_json"})["inserted"], 1);
  EXPECT_EQ(only("sale_price"), "2");
}

TEST_F(TableRun, WrongOptionsAreToldBeforeAnything) {
  const auto file = stand_.file("a.csv", "sku\n1\n");
  const std::pair<std::vector<std::string>, std::string> cases[] = {
      {{"--map", "a"}, "COLUMN=FIELD"},
      {{"--map", "a=prize"}, "there is no field prize"},
      {{"--delimiter", "ab"}, "comma, semicolon, tab or bar"},
      {{"--delimiter", "a"}, "neither one sign"},
      {{"--encoding", "klingon"}, "no encoding"},
      {{"--sku-from", "name"}, "none of"}};
  for (auto [arguments, why] : cases) {
    arguments.push_back(file);
    const Outcome outcome = stand_.run(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << why;
    EXPECT_THAT(outcome.err, HasSubstr(why));
  }
}

TEST_F(TableRun, AWorkbookWithAKoreanName) {
  const auto path =
      book("스마트스토어 상품 (1).xlsx",
           WorkbookFile()
               .add({"안내", {{"읽어 주세요"}}, "", ""})
               .add({"상품 목록",
                     {{"2026년 상품"},
                      {"SKU", "상품명", "판매가", "재고수량", "수정일", "판매상태"},
                      {std::int64_t{11900000001}, "겨울 머그컵", 12900, 37,
                       BookCell::of(BookCell::Kind::number, "46027", 1), "판매중"},
                      {"0007", "접시", "9,900원", BookCell::of(BookCell::Kind::formula, "5", 0, "A1+1"), {}, "품절"}},
                     "",
                     "A1:F1"}));
  const Outcome outcome = stand_.run({path});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(
      stand_.query("SELECT sku, name, sale_price, stock_quantity, modified_at, status FROM products ORDER BY sku"),
      (SqlRows{{"0007", "접시", "9900", "5", "NULL", "OUTOFSTOCK"},
               {"11900000001", "겨울 머그컵", "12900", "37", "2026-01-05", "SALE"}}));
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("workbook (.xlsx), sheet `상품 목록` (left alone: `안내`), header in row 2"),
                                 HasSubstr("what stands above it is left out: 2026년 상품")));
  const auto again = stand_.summary({path});
  EXPECT_EQ(again["unchanged"], 2);
  EXPECT_EQ(again["bytes_read"], std::filesystem::file_size(path));
}

TEST_F(TableRun, WhatAWorkbookHasSpoiltIsRefused) {
  using Kind = BookCell::Kind;
  const auto path =
      book("a.xlsx", WorkbookFile().add({"a",
                                         {{"sku", "name", "sale_price"},
                                          {BookCell::of(Kind::number, "46024", 1), "date", 1},
                                          {BookCell::of(Kind::number, "1.2345678901234568E+16"), "digits", 1},
                                          {"1", "formula", BookCell::of(Kind::formula, "", 0, "A1")},
                                          {"2", BookCell::of(Kind::error, "#REF!"), 1},
                                          {"3", "good", 1, "beside"},
                                          {"4", "good", 1}},
                                         "",
                                         ""}));
  const auto rejects = stand_.folder() / "rejects.csv";
  const auto summary = stand_.summary({path, "--source", "OTHER", "--reject-file", rejects});
  EXPECT_EQ(summary["exit_code"], 3);
  ASSERT_EQ(summary["rejected"], 5) << summary;
  EXPECT_EQ(products(), (SqlRows{{"4", "good", "1", "NULL"}}));
  std::string all;
  for (std::size_t i = 0; i < 5; ++i) all += error(summary, i) + "\n";
  EXPECT_THAT(all, AllOf(HasSubstr("sku is 2026-01-02, a date that a spreadsheet has made of a code"),
                         HasSubstr("1.2345678901234568E+16"), HasSubstr("sale_price is a formula without its value"),
                         HasSubstr("#REF!"), HasSubstr("has `beside` in column D")));
  EXPECT_THAT(read_file(rejects), HasSubstr("sku,name,sale_price\n2026-01-02,date,1\n"));
}

TEST_F(TableRun, ARuleThatNoColumnHasIsTold) {
  const auto path = stand_.file("goods.csv", "sku,name,소매가\nA-1,컵,12900\n");
  const Outcome outcome = stand_.run({path, "--source", "OTHER", "--map", "소매까=sale_price"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("--map 소매까: no file has a column of that name, so it changed nothing"));
  const Outcome right = stand_.run({path, "--source", "OTHER", "--map", "소매가 =sale_price"});
  EXPECT_THAT(right.err, Not(HasSubstr("--map")));
}

// Naver's feed of changes: D is what is no longer sold.
TEST_F(TableRun, TheClassOfAFeedIsAState) {
  const auto path = stand_.file("ep.tsv", "id\ttitle\tprice_pc\tclass\n1\t컵\t1000\tU\n2\t접시\t0\tD\n");
  ASSERT_EQ(stand_.summary({path, "--source", "OTHER"})["exit_code"], 0);
  EXPECT_EQ(stand_.query("SELECT sku, status FROM products ORDER BY sku"),
            (SqlRows{{"1", "SALE"}, {"2", "OUTOFSTOCK"}}));
}

TEST_F(TableRun, ADryRunShowsTheReadingFirst) {
  const auto path = stand_.file(
      "목록.csv",
      to_cp949(
          "상품 목록\n\nsku;상품명;판매가;비고\nA-1;머그컵;12,900원;x\nA-2;접시;9900;\nA-3;컵;품절;\nA-4;병;1;\n"));
  const auto before = stand_.files();
  const Outcome outcome = stand_.text({path, "--dry-run", "--source", "OTHER"});
  EXPECT_EQ(outcome.exit_code, 3) << outcome.err;
  EXPECT_THAT(
      outcome.out,
      AllOf(
          HasSubstr("목록.csv\n  CSV, encoding CP949, separator semicolon, header in line 3\n"),
          HasSubstr("  left out above the header: 상품 목록\n"),
          HasSubstr(
              "  column  field\n  sku     sku\n  상품명  name\n  판매가  sale_price\n  비고    raw_json, not known\n"),
          HasSubstr("  would be stored  line 4  line 5\n"), HasSubstr("  name             머그컵  접시\n"),
          HasSubstr("  sale_price       12900   9900\n"),
          HasSubstr("  line 6 would be rejected: sale_price is no whole number")));
  EXPECT_LT(outcome.out.find("column  field"), outcome.out.find("new     A-1"));
  const auto summary = stand_.summary({path, "--dry-run", "--source", "OTHER"});
  const auto& reading = summary["readings"].at(0);
  EXPECT_EQ(reading["encoding"], "CP949");
  EXPECT_EQ(reading["header_row"], 3);
  EXPECT_EQ(reading["rows"].size(), 3U);
  EXPECT_EQ(reading["rows"].at(0)["fields"],
            (json{{"sku", "A-1"}, {"source", "OTHER"}, {"name", "머그컵"}, {"sale_price", "12900"}}));
  EXPECT_EQ(stand_.files(), before);
}

TEST_F(TableRun, ReadingsStandBeforeThePlansOfTheirFile) {
  const Outcome outcome = stand_.text(
      {stand_.file("a.csv", "sku,name\n1,a\n"), stand_.file("b.csv", "sku,name\n2,b\n"), "--dry-run", "--source", "O"});
  const auto at = [&](const char* what) { return outcome.out.find(what); };
  EXPECT_LT(at("a.csv"), at("new     1"));
  EXPECT_LT(at("new     1"), at("b.csv"));
  EXPECT_LT(at("b.csv"), at("new     2"));
}

}  // namespace
}  // namespace pipeline::test
