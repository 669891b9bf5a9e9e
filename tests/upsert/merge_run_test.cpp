#include "support/sync_stand.h"
#include "upsert_stand.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

// What a row does not say stays.
class MergeRun : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(stand_.feed(kFirst)["inserted"], 2);
    stand_.settle_queue();
  }
  std::string product(std::string_view sku) const {
    return stand_.value(
        fmt::format("SELECT json_array(name, sale_price, stock_quantity, brand, "
                    "json_extract(raw_json, '$.color'), json_extract(raw_json, '$.cost')) "
                    "FROM products WHERE sku = '{}'",
                    sku));
  }
  // The fields that wait for somebody, of all products.
  std::vector<std::string> changes() const {
    std::vector<std::string> told;
    for (const auto& entry : stand_.query(
             "SELECT q.sku || ' ' || json_extract(c.value, '$.field') || ' ' || json_quote(json_extract(c.value, "
             "'$.old')) || ' ' || json_quote(json_extract(c.value, '$.new')) FROM refresh_queue q, "
             "json_each(q.changes) "
             "c WHERE status = 'PENDING' ORDER BY 1"))
      told.push_back(entry.at(0));
    return told;
  }

  static constexpr std::string_view kFirst =
      "sku,한글이름,name,sale_price,stock_quantity,brand,color,cost\n"
      "1,하나,one,1000,5,B,red,700\n"
      "2,둘,two,2000,6,B,blue,800\n";
  UpsertStand stand_;
};

TEST_F(MergeRun, ColumnsThatAFileDoesNotHaveStay) {
  const auto summary = stand_.feed("sku,stock_quantity\n1,4\n2,6\n");
  EXPECT_EQ(summary["exit_code"], 0);
  EXPECT_EQ(summary["updated"], 1);
  EXPECT_EQ(summary["unchanged"], 1);
  EXPECT_EQ(product("1"), R"(["one",1000,4,"B","red","700"])");
  EXPECT_EQ(product("2"), R"(["two",2000,6,"B","blue","800"])");
  EXPECT_THAT(changes(), ElementsAre("1 stock_quantity 5 4"));
  EXPECT_EQ(stand_.value("SELECT json_extract(raw_json, '$.\"한글이름\"') FROM products WHERE sku = '1'"), "하나");
}

TEST_F(MergeRun, KeysThatARowDoesNotHaveStayAndANullEmptiesThem) {
  const auto summary = stand_.feed(lines({R"({"sku":"1","brand":null,"color":null})", R"({"sku":"2","cost":"900"})"}));
  EXPECT_EQ(summary["updated"], 2);
  EXPECT_EQ(product("1"), R"(["one",1000,5,null,null,"700"])");
  EXPECT_EQ(stand_.value("SELECT json_type(raw_json, '$.color') FROM products WHERE sku = '1'"), "NULL");
  EXPECT_EQ(product("2"), R"(["two",2000,6,"B","blue","900"])");
  EXPECT_THAT(changes(), ElementsAre(R"(1 brand "B" null)", R"(1 color "red" null)", R"(2 cost "800" "900")"));
}

TEST_F(MergeRun, AnEmptyCellOfAColumnThatIsThereEmptiesIt) {
  EXPECT_EQ(stand_.feed("sku,stock_quantity,color\n1,,\n2,6,blue\n")["updated"], 1);
  EXPECT_EQ(product("1"), R"(["one",1000,null,"B",null,"700"])");
  EXPECT_THAT(changes(), ElementsAre(R"(1 color "red" null)", "1 stock_quantity 5 null"));
}

TEST_F(MergeRun, AnEmptyPriceOfTheOwnStoreIsRefused) {
  const auto summary = stand_.feed("sku,sale_price\n1,\n2,2100\n");
  EXPECT_EQ(summary["exit_code"], 3);
  EXPECT_EQ(summary["rejected"], 1);
  EXPECT_EQ(summary["updated"], 1);
  EXPECT_EQ(product("1"), R"(["one",1000,5,"B","red","700"])");
}

TEST_F(MergeRun, ANewProductNeedsWhatAKnownOneDoesNot) {
  const auto summary = stand_.feed("sku,stock_quantity\n1,4\n3,7\n");
  EXPECT_EQ(summary["exit_code"], 3);
  EXPECT_EQ(summary["updated"], 1);
  EXPECT_EQ(summary["rejected"], 1);
  EXPECT_EQ(summary["failures"][0]["line"], 3);
  EXPECT_THAT(summary["failures"][0]["error"], AllOf(HasSubstr("product 3"), HasSubstr("has no sale_price")));
  EXPECT_EQ(stand_.value("SELECT count(*) FROM products"), "2");
  EXPECT_EQ(stand_.feed("sku,stock_quantity\n3,7\n", {"--source", "FEED"})["inserted"], 1);
}

TEST_F(MergeRun, TheSameFileAgainLeavesTheDatabaseAsItIsToTheByte) {
  const std::string stocks = "sku,stock_quantity\n1,4\n2,7\n";
  const std::string prices = "sku,sale_price\n1,900\n2,2100\n";
  EXPECT_EQ(stand_.feed(stocks)["updated"], 2);
  auto before = digest_of(stand_.db());
  EXPECT_EQ(stand_.feed(stocks)["unchanged"], 2);
  EXPECT_EQ(digest_of(stand_.db()), before);
  EXPECT_EQ(stand_.feed(prices)["updated"], 2);
  before = digest_of(stand_.db());
  for (const auto& file : {stocks, prices, stocks}) {  // another file wrote last
    const auto summary = stand_.feed(file);
    EXPECT_EQ(summary["unchanged"], 2);
    EXPECT_EQ(summary["enqueued"], 0);
    EXPECT_EQ(digest_of(stand_.db()), before);
  }
  EXPECT_EQ(product("1"), R"(["one",900,4,"B","red","700"])");
}

TEST_F(MergeRun, AWholeRowThatSaysTheSameIsUnchangedHoweverItIsSpelt) {
  (void)stand_.feed("sku,stock_quantity\n1,4\n2,7\n");
  const auto before = digest_of(stand_.db());
  const auto whole = R"({"stockQuantity":4.0,"cost":"700","color":"red","brandName":"B","salePrice":1000,"name":"one",)"
                     R"("한글이름":"하나","sku":"1"})";
  EXPECT_EQ(stand_.feed(std::string(whole) + "\n")["unchanged"], 1);
  EXPECT_EQ(stand_.feed(std::string(whole) + "\n", {"--replace"})["unchanged"], 1);
  EXPECT_EQ(digest_of(stand_.db()), before);
}

// --- --replace: a row is all of its product ---

TEST_F(MergeRun, ReplaceEmptiesWhatARowDoesNotSay) {
  const auto row = R"({"sku":"1","name":"one","sale_price":1000,"stock_quantity":5})";
  EXPECT_EQ(stand_.feed(std::string(row) + "\n", {"--replace"})["updated"], 1);
  EXPECT_EQ(product("1"), R"(["one",1000,5,null,null,null])");
  EXPECT_EQ(stand_.value("SELECT raw_json FROM products WHERE sku = '1'"), row);
  EXPECT_EQ(stand_.feed("sku,stock_quantity\n1,4\n", {"--replace"})["rejected"], 1) << "no price";
}

TEST_F(MergeRun, ReplaceIsNotSkippedAfterAMergeOfTheSameBytes) {
  const std::string rows = lines({row("1", 1000), row("2", 2500)});
  EXPECT_EQ(stand_.feed(rows)["updated"], 2);  // their names
  EXPECT_EQ(stand_.feed(rows)["unchanged"], 2);
  EXPECT_EQ(stand_.feed(rows, {"--replace"})["updated"], 2);
  EXPECT_EQ(product("1"), R"(["product 1",1000,null,null,null,null])");
  const auto before = digest_of(stand_.db());
  EXPECT_EQ(stand_.feed(rows, {"--replace"})["unchanged"], 2);
  EXPECT_EQ(stand_.feed(rows)["unchanged"], 2);
  EXPECT_EQ(digest_of(stand_.db()), before);
}

// --- several rows of one product ---

TEST_F(MergeRun, RowsOfOneProductAreAppliedInTheirOrder) {
  const auto rows = lines({R"({"sku":"1","name":"uno","sale_price":900})", R"({"sku":"1","stock_quantity":3})",
                           R"({"sku":"1","salePrice":950,"color":null})"});
  for (const char* batch_size : {"1000", "1", "2"}) {
    SCOPED_TRACE(batch_size);
    (void)stand_.feed(kFirst);
    stand_.settle_queue();
    const auto summary = stand_.feed(rows, {"--batch-size", batch_size});
    EXPECT_EQ(summary["exit_code"], 0);
    EXPECT_EQ(product("1"), R"(["uno",950,3,"B",null,"700"])");
    EXPECT_THAT(changes(), ElementsAre(R"(1 color "red" null)", R"(1 name "one" "uno")", "1 sale_price 1000 950",
                                       "1 stock_quantity 5 3"));
  }
  EXPECT_EQ(stand_.feed(rows)["superseded"], 2);
  const auto before = digest_of(stand_.db());
  EXPECT_EQ(stand_.feed(rows)["unchanged"], 1);
  EXPECT_EQ(digest_of(stand_.db()), before);
}

TEST_F(MergeRun, ANewProductMayComeInSeveralRows) {
  const auto rows = lines({R"({"sku":"3","stock_quantity":3})", R"({"sku":"3","sale_price":1,"name":"three"})"});
  EXPECT_EQ(stand_.feed(rows)["inserted"], 1);
  EXPECT_EQ(product("3"), R"(["three",1,3,null,null,null])");
}

TEST_F(MergeRun, RowsThatCannotBeUsedTogetherAreAllRefused) {
  const auto rejects = (stand_.folder() / "rejects.jsonl").string();
  const auto rows = lines({R"({"sku":"3","stock_quantity":3})", R"({"sku":"3","name":"three"})"});
  const auto summary = stand_.feed(rows, {"--reject-file", rejects});
  EXPECT_EQ(summary["rejected"], 2);
  EXPECT_EQ(summary["superseded"], 0);
  EXPECT_EQ(summary["failures"][0]["line"], 1);
  EXPECT_EQ(read_file(rejects), rows);
}

// --- products that were something else before ---

TEST_F(MergeRun, ARemovedProductThatComesBackKeepsWhatWasKnown) {
  stand_.execute("UPDATE products SET removed_at = 1, list_hash = NULL WHERE sku = '1'");
  EXPECT_EQ(stand_.feed("sku,stock_quantity\n1,5\n")["updated"], 1);
  EXPECT_EQ(product("1"), R"(["one",1000,5,"B","red","700"])");
  EXPECT_EQ(stand_.value("SELECT removed_at FROM products WHERE sku = '1'"), "NULL");
  EXPECT_THAT(changes(), ElementsAre(R"(1 product null "one")"));
}

TEST_F(MergeRun, OfAProductThatCouldNotBeReadTheColumnsStay) {
  stand_.execute(
      "UPDATE products SET parse_status = 'PARSE_FAIL', parse_error = 'cut', raw_json = '{\"half', list_hash = NULL "
      "WHERE sku = '1'");
  EXPECT_EQ(stand_.feed("sku,stock_quantity\n1,4\n")["updated"], 1);
  EXPECT_EQ(product("1"), R"(["one",1000,4,"B",null,null])");
  EXPECT_EQ(stand_.value("SELECT parse_status || coalesce(parse_error, '') FROM products WHERE sku = '1'"), "OK");
  EXPECT_THAT(changes(), ElementsAre("1 stock_quantity 5 4"));
}

TEST_F(MergeRun, ADryRunShowsWhatTheMergeWillDo) {
  const auto file = stand_.file("stocks.csv", "sku,stock_quantity\n1,4\n2,6\n3,1\n");
  const auto before = stand_.files();
  const auto summary = stand_.summary({"--dry-run", file});
  EXPECT_EQ(stand_.files(), before);
  EXPECT_EQ(summary["exit_code"], 3);
  EXPECT_EQ(summary["updated"], 1);
  EXPECT_EQ(summary["unchanged"], 1);
  EXPECT_EQ(summary["rejected"], 1);
  EXPECT_EQ(summary["plan"], json::parse(R"([{"action":"changed","sku":"1","name":"one",
                             "changes":[{"reason":"STOCK","field":"stock_quantity","old":5,"new":4}]}])"));
  const auto replaced = stand_.summary({"--dry-run", "--replace", "--source", "FEED", file});
  EXPECT_EQ(replaced["inserted"], 3) << "of another source";
}

// --- products that a sync brought ---

TEST(MergeRunAfterSync, APartIsLaidOverTheDetailAndTheNextNightGoesOn) {
  emulator::Options options;
  options.products = 20;
  SyncStand stand(options);
  ASSERT_EQ(stand.sync().exit_code, 0);
  stand.execute("DELETE FROM refresh_queue");
  const auto sku = stand.value("SELECT sku FROM products ORDER BY sku");
  const auto where = " FROM products WHERE sku = '" + sku + "'";
  const auto upsert = [&](const std::string& row) {
    const Outcome outcome = Process({pipeline_binary(), "upsert", "--json", "--db", stand.db().string(),
                                     "--metrics-dir", stand.metrics().string(), "-"},
                                    {}, stand.folder().path(), input_of(row))
                                .wait();
    return json::parse(outcome.out);
  };
  const auto reasons = [&] { return stand.value("SELECT group_concat(sku || ' ' || reason) FROM refresh_queue"); };
  const auto synced = stand.query("SELECT name, stock_quantity, raw_json, hex(content_hash), list_json" + where);
  const auto stock = std::stoi(synced[0][1]);

  const auto known = upsert(fmt::format(R"({{"sku":"{}","stock_quantity":{}}})", sku, stock));
  EXPECT_EQ(known["unchanged"], 1);
  EXPECT_EQ(stand.query("SELECT name, stock_quantity, raw_json, hex(content_hash), list_json" + where), synced);

  const auto part = fmt::format(R"({{"sku":"{}","stock_quantity":{},"shelf":"A3"}})", sku, stock + 1);
  EXPECT_EQ(upsert(part)["updated"], 1);
  EXPECT_EQ(stand.value("SELECT name || '/' || stock_quantity || '/' || json_extract(raw_json, '$.shelf')" + where),
            fmt::format("{}/{}/A3", synced[0][0], stock + 1));
  const auto merged = json::parse(stand.value("SELECT raw_json" + where));
  EXPECT_EQ(merged["originProduct"], json::parse(synced[0][2])["originProduct"]);
  EXPECT_EQ(reasons(), sku + " STOCK,CONTENT");
  EXPECT_EQ(upsert(part)["unchanged"], 1);

  // The store has the last word: its detail is fetched again, and what the file said of it goes.
  stand.execute("DELETE FROM refresh_queue");
  const auto night = stand.sync();
  EXPECT_EQ(night.exit_code, 0) << night.err;
  EXPECT_EQ(stand.query("SELECT name, stock_quantity, raw_json, hex(content_hash), list_json" + where), synced);
  EXPECT_EQ(reasons(), sku + " STOCK");
  EXPECT_EQ(json::parse(stand.sync().out)["changed"], 0);
  EXPECT_EQ(stand.value("PRAGMA integrity_check"), "ok");
}

}  // namespace
}  // namespace pipeline::test
