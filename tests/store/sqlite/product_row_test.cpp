#include "pipeline/base/file.h"

#include "catalogue.h"
#include "store_fixture.h"

namespace pipeline::store::sqlite {
namespace {

using namespace std::chrono_literals;
using enum WriteOutcome;

// What stands in the table's columns, and that nothing else is written.
class ProductRowTest : public StoreTest {
 protected:
  WriteOutcome write(const catalogue::Product& product) {
    const std::vector<Delivery> deliveries{{&product}};
    return catalogue_.write({.products = deliveries, .verified = true}, {.run_id = "run-1"}).outcomes.at(0);
  }
  static catalogue::Product failed(std::string_view body) {
    catalogue::Product product = make_product("1");
    product.parse_status = catalogue::ParseStatus::fail;
    product.parse_error = "unexpected end";
    product.raw_json = body;
    product.name = "name of the list";
    return product;
  }
  std::string row(std::string_view columns) {
    return text(*connection_, "SELECT json_array(" + std::string(columns) + ") FROM products");
  }

  std::shared_ptr<Connection> connection_ =
      std::make_shared<Connection>(path_, Connection::Mode::read_write, clock_, &metrics_);
  Runs runs_{connection_};
  Catalogue catalogue_{connection_, runs_};
};

TEST_F(ProductRowTest, ANewProductIsStoredWhole) {
  write(make_product("1"));
  EXPECT_EQ(row("sku, source, origin_product_no, channel_product_no, seller_management_code, name, status, "
                "display_status, sale_price, discounted_price, stock_quantity, category_id, category_name, brand, "
                "manufacturer, image_url, modified_at, list_json, raw_json, parse_status, parse_error, created_at, "
                "updated_at, last_seen_run, removed_at"),
            R"(["1","MY_STORE",100,200,"CODE-1","이름","SALE","ON",1000,900,5,"50000001","a>b","brand","maker",)"
            R"("https://example.com/1.jpg","2026-04-01T16:31:02.064+09:00","{\"row\":1}","{\"body\":1}","OK",null,)"
            R"(1775000001000,1775000001000,"run-1",null])");
  EXPECT_EQ(row("lower(hex(content_hash)), lower(hex(list_hash))"),
            R"([")" + to_hex(hash_of("first")) + R"(",")" + to_hex(hash_of("list")) + R"("])");
  EXPECT_EQ(
      text(*connection_, "SELECT json_array(sku, source, status, attempts, enqueued_at, changes) FROM refresh_queue"),
      R"(["1","MY_STORE","PENDING",0,1775000001000,)"
      R"("[{\"field\":\"product\",\"old\":null,\"new\":\"이름\",\"reason\":\"NEW\"}]"])");
  EXPECT_EQ(text(*connection_, "SELECT json_array(source, sku, verified_at) FROM detail_checks"),
            R"(["MY_STORE","1",1775000001000])");
}

TEST_F(ProductRowTest, AbsentValuesAreNull) {
  catalogue::Product product;
  product.sku = "1";
  product.source = "MY_STORE";
  product.content_hash = hash_of("x");
  write(product);
  EXPECT_EQ(row("name, sale_price, seller_management_code, modified_at, list_json, list_hash IS NULL"),
            "[null,null,null,null,null,1]");
}

TEST_F(ProductRowTest, TheHashOfAFilesRowStandsWhereThatOfAListDoes) {
  write(make_row("1"));
  EXPECT_EQ(row("lower(hex(list_hash)), list_json"), R"([")" + to_hex(fingerprint_of("row").bytes) + R"(",null])");
}

TEST_F(ProductRowTest, AnUnchangedProductIsNotWrittenAtAll) {
  const catalogue::Product product = make_row("1");
  const std::vector<Delivery> deliveries{{&product}};
  const std::vector<RowProof> proofs{{product.key(), *product.row_hash}};
  write(product);
  connection_->execute("test", "PRAGMA wal_checkpoint(TRUNCATE)");
  const std::string before = read_file(path_);
  clock_.advance(1h);
  EXPECT_EQ(catalogue_.write({.products = deliveries}, {.run_id = "run-2"}).outcomes.at(0), unchanged);
  EXPECT_TRUE(catalogue_.are_made_of(proofs, {}).at(0));
  EXPECT_EQ(std::filesystem::file_size(path_.string() + "-wal"), 0U);
  EXPECT_EQ(read_file(path_), before);
}

TEST_F(ProductRowTest, TheListIsFollowedWithoutRewritingTheContent) {
  catalogue::Product product = make_product("1");
  write(product);
  clock_.advance(1h);
  product.list_json = "{}";
  product.modified_at = "later";
  product.raw_json = "not written";
  EXPECT_EQ(write(product), unchanged);
  EXPECT_EQ(row("list_json, modified_at, raw_json, updated_at"), R"(["{}","later","{\"body\":1}",1775000001000])");
  product.modified_at = std::nullopt;
  EXPECT_EQ(write(product), unchanged);
  EXPECT_EQ(row("modified_at"), "[null]");
}

TEST_F(ProductRowTest, AChangedOneIsRewrittenWithItsIndexedColumns) {
  write(make_product("1"));
  clock_.advance(1h);
  catalogue::Product product = make_product("1", "second");
  product.seller_management_code = "CODE-2";
  EXPECT_EQ(write(product), updated);
  EXPECT_EQ(text(*connection_, "SELECT sku FROM products WHERE seller_management_code = 'CODE-2'"), "1");
  EXPECT_EQ(row("created_at, updated_at"), "[1775000001000,1775003601000]");
  product.content_hash = hash_of("third");
  product.seller_management_code = std::nullopt;
  write(product);
  EXPECT_EQ(row("seller_management_code"), "[null]");
  EXPECT_EQ(text(*connection_, "PRAGMA integrity_check"), "ok");
}

TEST_F(ProductRowTest, ARemovedOneKeepsItsColumnsAndLosesItsCheck) {
  write(make_product("1"));
  clock_.advance(1h);
  (void)catalogue_.remove("MY_STORE", std::vector<RemovalCandidate>{{"1", ""}}, "run-2");
  EXPECT_EQ(row("removed_at, list_hash IS NULL, name, updated_at, last_seen_run"),
            R"([1775003601000,1,"이름",1775003601000,"run-2"])");
  EXPECT_EQ(number(*connection_, "SELECT count(*) FROM detail_checks"), 0);
}

TEST_F(ProductRowTest, AFailureIsToldBesideWhatIsKnown) {
  write(failed("{\"half\":"));
  EXPECT_EQ(row("parse_status, parse_error, raw_json, name, content_hash IS NULL, list_hash IS NULL"),
            R"(["PARSE_FAIL","unexpected end","{\"half\":","name of the list",1,1])");
  write(make_product("1"));
  EXPECT_EQ(row("parse_status, parse_error, raw_json, name"), R"(["OK",null,"{\"body\":1}","이름"])");
  clock_.advance(1s);
  write(failed("{\"half\":"));
  clock_.advance(1s);
  EXPECT_EQ(write(failed("{\"half\":")), unchanged);
  EXPECT_EQ(row("parse_status, raw_json, name, content_hash IS NULL, list_hash IS NULL, updated_at - created_at"),
            R"(["PARSE_FAIL","{\"half\":","이름",0,1,1000])");
}

TEST_F(ProductRowTest, ABodyThatIsNoTextIsStoredAsBytes) {
  write(failed("\xff\xfe\x01"));
  EXPECT_EQ(text(*connection_, "SELECT typeof(raw_json) || hex(raw_json) FROM products"), "blobFFFE01");
  EXPECT_EQ(write(failed("\xff\xfe\x01")), unchanged);
  EXPECT_EQ(write(failed("\xff\xfe\x02")), updated);
  EXPECT_EQ(text(*connection_, "SELECT hex(raw_json) FROM products"), "FFFE02");
}

TEST_F(ProductRowTest, WhatIsMeasured) {
  write(make_product("1"));
  (void)catalogue_.are_made_of({}, {});
  EXPECT_EQ(samples_of("db_txn_seconds"), 2U);     // and the schema's
  EXPECT_EQ(samples_of("db_upsert_seconds"), 2U);  // a look is one, too
}

// --- the list beside it ---

TEST_F(ProductRowTest, AListWritesNothingToTheFile) {
  catalogue_.begin_list("MY_STORE");
  std::vector<ListedProduct> page;
  for (int i = 0; i < 1000; ++i) page.push_back({std::to_string(i), hash_of("x"), "{}"});
  (void)catalogue_.compare(page, false, 0);
  EXPECT_EQ(std::filesystem::file_size(path_.string() + "-wal"), 0U);
  EXPECT_FALSE(connection_->in_transaction());
}

TEST_F(ProductRowTest, NorDoesItWaitForAWriter) {
  Connection writer(path_, Connection::Mode::read_write, clock_, &metrics_);
  const Transaction held(writer);
  catalogue_.begin_list("MY_STORE");
  EXPECT_EQ(catalogue_.compare(std::vector<ListedProduct>{{"1", hash_of("x"), "{}"}}, false, 0).size(), 1U);
}

}  // namespace
}  // namespace pipeline::store::sqlite
