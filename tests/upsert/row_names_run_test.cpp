#include "pipeline/base/file.h"

#include "upsert_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// JSON Lines by the names that tables have.
namespace pipeline::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kRows =
    "{\"상품번호\":\"11900000001\",\"상품명\":\"머그컵\",\"판매가\":\"12,900원\",\"판매상태\":\"판매중\",\"비고\":"
    "\"x\"}\n"
    "{\"상품번호\":11900000002,\"상품명\":\"접시\",\"판매가\":9900,\"판매상태\":\"품절\",\"비고\":null}\n";
constexpr const char* kTable =
    "상품번호,상품명,판매가,판매상태,비고\n11900000001,머그컵,\"12,900원\",판매중,x\n11900000002,접시,9900,품절,\n";

class RowNamesRun : public ::testing::Test {
 protected:
  [[nodiscard]] SqlRows products() const {
    return stand_.query("SELECT sku, name, sale_price, status, raw_json FROM products ORDER BY sku");
  }
  static std::string error(const json& summary) { return summary["failures"].at(0)["error"].get<std::string>(); }

  UpsertStand stand_;
};

TEST_F(RowNamesRun, KoreanKeysAreReadAsATableIs) {
  const auto summary = stand_.feed(kRows);
  EXPECT_EQ(summary["exit_code"], 0) << summary;
  EXPECT_EQ(summary["inserted"], 2);
  EXPECT_EQ(products(),
            (SqlRows{{"11900000001", "머그컵", "12900", "SALE",
                      R"({"sku":"11900000001","name":"머그컵","sale_price":"12,900원","status":"판매중","비고":"x"})"},
                     {"11900000002", "접시", "9900", "OUTOFSTOCK",
                      R"({"sku":11900000002,"name":"접시","sale_price":9900,"status":"품절","비고":null})"}}));
  EXPECT_EQ(summary["unknown_columns"].size(), 1U);
  EXPECT_EQ(summary["unknown_columns"].at(0)["column"], "비고");
  const auto& reading = summary["readings"].at(0);
  EXPECT_EQ(reading["format"], "JSON Lines");
  EXPECT_EQ(reading["columns"].at(2), (json{{"column", "판매가"}, {"field", "sale_price"}}));
  EXPECT_EQ(reading["known_columns"], 4);

  EXPECT_EQ(stand_.feed(kTable)["unchanged"], 2) << "the same as a table that says the same";
}

TEST_F(RowNamesRun, TheSameFileAgainIsProvenByItsBytes) {
  const auto first = stand_.feed(kRows);
  EXPECT_EQ(stand_.metric(first, "db_upsert_rows_total").sum, 2);
  const auto before = stand_.query("SELECT hex(list_hash), hex(content_hash), updated_at FROM products");
  const auto again = stand_.feed(kRows);
  EXPECT_EQ(again["unchanged"], 2);
  EXPECT_EQ(stand_.metric(again, "no_change_skip_total").sum, 2);
  EXPECT_EQ(stand_.query("SELECT hex(list_hash), hex(content_hash), updated_at FROM products"), before);
}

TEST_F(RowNamesRun, APartIsLaidOverWhatIsKnown) {
  (void)stand_.feed(
      R"({"sku":"11900000001","name":"머그컵","salePrice":12900,"stockQuantity":5,"brandName":"하루","비고":"x"})"
      "\n");
  stand_.settle_queue();
  const auto summary = stand_.feed("{\"상품번호\":\"11900000001\",\"판매가\":\"13,900원\",\"재고\":null}\n");
  EXPECT_EQ(summary["updated"], 1) << summary;
  EXPECT_EQ(stand_.query("SELECT name, sale_price, stock_quantity, brand, raw_json ->> '$.비고' FROM products"),
            (SqlRows{{"머그컵", "13900", "NULL", "하루", "x"}}));
  EXPECT_EQ(stand_.value("SELECT group_concat(j.key) FROM products, json_each(raw_json) j"),
            "name,brand,비고,sku,sale_price")
      << "the price stands there once";
  EXPECT_THAT(stand_.pending().at(0).at(2), AllOf(HasSubstr("sale_price"), HasSubstr("stock_quantity")));

  EXPECT_EQ(stand_.feed("{\"상품번호\":\"11900000001\",\"판매가\":\"13,900원\",\"재고\":null}\n")["unchanged"], 1);
  EXPECT_EQ(stand_.feed("{\"상품번호\":\"11900000001\",\"판매가\":\"13,900원\"}\n", {"--replace"})["updated"], 1);
  EXPECT_EQ(stand_.query("SELECT name, sale_price, brand FROM products"), (SqlRows{{"NULL", "13900", "NULL"}}));
}

TEST_F(RowNamesRun, RowsOfOneProductAreJoinedWhateverTheirNames) {
  const auto summary =
      stand_.feed("{\"상품번호\":\"1\",\"상품명\":\"컵\",\"판매가\":\"100원\"}\n{\"sku\":\"1\",\"sale_price\":200}\n");
  EXPECT_EQ(summary["superseded"], 1) << summary;
  EXPECT_EQ(stand_.query("SELECT name, sale_price FROM products"), (SqlRows{{"컵", "200"}}));
}

TEST_F(RowNamesRun, TwoKeysForOneFieldCostTheirRow) {
  const auto rejects = (stand_.folder() / "rejects.jsonl").string();
  const std::string bad = "{\"sku\":\"A-1\",\"상품번호\":\"119\",\"판매가\":1}\n";
  const auto summary = stand_.feed(bad + "{\"상품번호\":\"120\",\"판매가\":1}\n", {"--reject-file", rejects});
  EXPECT_EQ(summary["exit_code"], 3);
  EXPECT_EQ(summary["inserted"], 1);
  EXPECT_THAT(error(summary), HasSubstr("its keys `sku` and `상품번호` both are sku; drop one"));
  EXPECT_EQ(read_file(rejects), bad) << "as it came";
  EXPECT_EQ(stand_.feed(bad, {"--map", "상품번호=raw_json"})["inserted"], 1);
  EXPECT_EQ(stand_.value("SELECT raw_json ->> '$.상품번호' FROM products WHERE sku = 'A-1'"), "119");
}

TEST_F(RowNamesRun, TheOptionsOfTablesHold) {
  const auto mapped = stand_.feed("{\"sku\":\"1\",\"소매가\":\"5,000\"}\n", {"--map", "소매가=sale_price"});
  EXPECT_EQ(mapped["inserted"], 1) << mapped;
  EXPECT_EQ(stand_.value("SELECT sale_price FROM products"), "5000");
  stand_.execute("DELETE FROM products");
  const auto by_code = stand_.feed("{\"판매자상품코드\":\"CUP-1\",\"상품명\":\"컵\",\"판매가\":100}\n",
                                   {"--sku-from", "seller_management_code"});
  EXPECT_EQ(by_code["inserted"], 1) << by_code;
  EXPECT_EQ(stand_.query("SELECT sku, seller_management_code FROM products"), (SqlRows{{"CUP-1", "CUP-1"}}));
}

TEST_F(RowNamesRun, ADryRunShowsWhatTheKeysWereTakenFor) {
  const Outcome outcome = stand_.text({stand_.file("목록.jsonl", kRows), "--dry-run"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("  판매가    sale_price\n"), HasSubstr("  비고      raw_json, not known\n"),
                                 HasSubstr("status")));
  EXPECT_THAT(outcome.err, HasSubstr("read as products (4 of 5 columns known), JSON Lines in UTF-8"));
}

}  // namespace
}  // namespace pipeline::test
