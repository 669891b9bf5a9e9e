#include "pipeline/store/product_writer.h"

#include "pipeline/base/file.h"

#include "store_fixture.h"

#include <nlohmann/json.hpp>

namespace pipeline::store {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

class ProductWriterTest : public StoreTest {
 protected:
  WriteOutcome write(const catalogue::Product& product) {
    Transaction transaction(database_);
    const WriteOutcome outcome = writer_.write(product);
    transaction.commit();
    return outcome;
  }
  bool remove(std::string_view sku) {
    Transaction transaction(database_);
    const bool removed = writer_.remove({"MY_STORE", sku});
    transaction.commit();
    return removed;
  }
  // What is in the queue was taken note of.
  void settle_queue() { database_.execute("test", "UPDATE refresh_queue SET status = 'DONE'"); }
  std::string pending() {
    return text(database_,
                "SELECT coalesce(group_concat(sku || ' ' || reason || ' ' || changes), '') FROM refresh_queue "
                "WHERE status = 'PENDING'");
  }
  json changes() { return json::parse(text(database_, "SELECT changes FROM refresh_queue WHERE status = 'PENDING'")); }
  std::string reasons() { return text(database_, "SELECT reason FROM refresh_queue WHERE status = 'PENDING'"); }

  std::vector<catalogue::Change> body_changes_;
  std::vector<std::pair<std::string, std::string>> compared_;
  Database database_{path_, Database::Mode::read_write, clock_, metrics_};
  ProductWriter writer_{database_, metrics_,
                        [this](std::string_view before, std::string_view after) {
                          compared_.emplace_back(before, after);
                          return body_changes_;
                        },
                        "run-1"};
};

TEST_F(ProductWriterTest, ANewProductIsStoredWholeAndQueued) {
  EXPECT_EQ(write(make_product("1")), WriteOutcome::inserted);
  EXPECT_EQ(text(database_,
                 "SELECT json_array(sku, source, origin_product_no, channel_product_no, "
                 "seller_management_code, name, status, display_status, sale_price, discounted_price, "
                 "stock_quantity, category_id, category_name, brand, manufacturer, image_url, modified_at, "
                 "list_json, raw_json, parse_status, parse_error, created_at, updated_at, last_seen_run, "
                 "removed_at) FROM products"),
            R"(["1","MY_STORE",100,200,"CODE-1","이름","SALE","ON",1000,900,5,"50000001","a>b","brand","maker",)"
            R"("https://example.com/1.jpg","2026-04-01T16:31:02.064+09:00","{\"row\":1}","{\"body\":1}","OK",null,)"
            R"(1775000001000,1775000001000,"run-1",null])");
  EXPECT_EQ(text(database_, "SELECT lower(hex(content_hash)) FROM products"), to_hex(hash_of("first")));
  EXPECT_EQ(text(database_, "SELECT lower(hex(list_hash)) FROM products"), to_hex(hash_of("list")));
  EXPECT_EQ(pending(), R"(1 NEW [{"field":"product","old":null,"new":"이름","reason":"NEW"}])");
  EXPECT_EQ(number(database_, "SELECT enqueued_at FROM refresh_queue"), 1775000001000);
  EXPECT_EQ(metric("db_upsert_rows_total"), 1);
  EXPECT_EQ(metric("refresh_queue_enqueue_total"), 1);
}

TEST_F(ProductWriterTest, AbsentValuesAreNull) {
  catalogue::Product product;
  product.sku = "1";
  product.source = "MY_STORE";
  product.content_hash = hash_of("x");
  write(product);
  EXPECT_EQ(text(database_,
                 "SELECT json_array(name, sale_price, seller_management_code, modified_at, list_json, "
                 "list_hash IS NULL) FROM products"),
            "[null,null,null,null,null,1]");
  EXPECT_EQ(changes()[0]["new"], "1");  // it has no name: the sku
}

TEST_F(ProductWriterTest, AnUnchangedProductIsNotWrittenAtAll) {
  catalogue::Product product = make_product("1");
  write(product);
  database_.execute("test", "PRAGMA wal_checkpoint(TRUNCATE)");
  const std::string before = read_file(path_);
  clock_.advance(1h);
  EXPECT_EQ(write(product), WriteOutcome::unchanged);
  EXPECT_EQ(std::filesystem::file_size(path_.string() + "-wal"), 0U);
  EXPECT_EQ(read_file(path_), before);
  EXPECT_EQ(metric("db_upsert_rows_total"), 1);
  EXPECT_EQ(metric("no_change_skip_total"), 1);
  EXPECT_EQ(number(database_, "SELECT count(*) FROM refresh_queue"), 1);
}

TEST_F(ProductWriterTest, TheListIsFollowedWithoutRewritingTheContent) {
  catalogue::Product product = make_product("1");
  write(product);
  clock_.advance(1h);
  product.list_hash = hash_of("another list row");
  product.list_json = "{}";
  product.modified_at = "later";
  product.raw_json = "not written";
  EXPECT_EQ(write(product), WriteOutcome::unchanged);
  EXPECT_EQ(text(database_, "SELECT lower(hex(list_hash)) FROM products"), to_hex(hash_of("another list row")));
  EXPECT_EQ(text(database_, "SELECT json_array(list_json, modified_at, raw_json, updated_at) FROM products"),
            R"(["{}","later","{\"body\":1}",1775000001000])");
  product.modified_at = std::nullopt;
  EXPECT_EQ(write(product), WriteOutcome::unchanged);
  EXPECT_EQ(text(database_, "SELECT modified_at FROM products"), "NULL");
  EXPECT_EQ(metric("no_change_skip_total"), 2);
}

TEST_F(ProductWriterTest, AChangeIsFoundColumnByColumn) {
  write(make_product("1"));
  settle_queue();
  clock_.advance(1h);
  catalogue::Product product = make_product("1", "second");
  product.sale_price = 1100;
  product.discounted_price = std::nullopt;
  product.stock_quantity = 4;
  product.status = "OUTOFSTOCK";
  product.display_status = "SUSPENSION";
  product.name = "새 \"이름\"";
  product.seller_management_code = std::nullopt;
  product.category_id = "2";
  product.category_name = "c";
  product.brand = "b2";
  product.manufacturer = "m2";
  product.image_url = "https://example.com/2.jpg";
  EXPECT_EQ(write(product), WriteOutcome::updated);
  EXPECT_EQ(reasons(), "PRICE,STOCK,CONTENT,STATUS");
  EXPECT_EQ(changes(), json::parse(R"([
      {"field":"sale_price","old":1000,"new":1100,"reason":"PRICE"},
      {"field":"discounted_price","old":900,"new":null,"reason":"PRICE"},
      {"field":"stock_quantity","old":5,"new":4,"reason":"STOCK"},
      {"field":"status","old":"SALE","new":"OUTOFSTOCK","reason":"STATUS"},
      {"field":"display_status","old":"ON","new":"SUSPENSION","reason":"STATUS"},
      {"field":"seller_management_code","old":"CODE-1","new":null,"reason":"CONTENT"},
      {"field":"name","old":"이름","new":"새 \"이름\"","reason":"CONTENT"},
      {"field":"category_id","old":"50000001","new":"2","reason":"CONTENT"},
      {"field":"category_name","old":"a>b","new":"c","reason":"CONTENT"},
      {"field":"brand","old":"brand","new":"b2","reason":"CONTENT"},
      {"field":"manufacturer","old":"maker","new":"m2","reason":"CONTENT"},
      {"field":"image_url","old":"https://example.com/1.jpg","new":"https://example.com/2.jpg","reason":"CONTENT"}])"));
  EXPECT_EQ(text(database_, "SELECT json_array(name, sale_price, created_at, updated_at) FROM products"),
            R"(["새 \"이름\"",1100,1775000001000,1775003601000])");
}

TEST_F(ProductWriterTest, TheIndexedColumnsFollowToo) {
  write(make_product("1"));
  catalogue::Product product = make_product("1", "second");
  product.seller_management_code = "CODE-2";
  write(product);
  EXPECT_EQ(text(database_, "SELECT sku FROM products WHERE seller_management_code = 'CODE-2'"), "1");
  product.content_hash = hash_of("third");
  product.seller_management_code = std::nullopt;
  write(product);
  EXPECT_EQ(text(database_, "SELECT seller_management_code FROM products"), "NULL");
  EXPECT_EQ(text(database_, "PRAGMA integrity_check"), "ok");
}

TEST_F(ProductWriterTest, TheBodiesAreComparedToo) {
  write(make_product("1"));
  settle_queue();
  body_changes_ = {{catalogue::Reason::option, "options", "1", "2"}};
  catalogue::Product product = make_product("1", "second");
  product.raw_json = R"({"body":2})";
  write(product);
  EXPECT_THAT(compared_, ::testing::ElementsAre(std::pair(R"({"body":1})", R"({"body":2})")));
  EXPECT_EQ(pending(), R"(1 OPTION [{"field":"options","old":1,"new":2,"reason":"OPTION"}])");
}

TEST_F(ProductWriterTest, AChangeThatNobodyCanNameIsContent) {
  write(make_product("1"));
  settle_queue();
  write(make_product("1", "second"));
  EXPECT_EQ(reasons(), "CONTENT");
  EXPECT_EQ(changes()[0]["field"], "content");
  EXPECT_EQ(changes()[0]["old"], to_hex(hash_of("first")));
  EXPECT_EQ(changes()[0]["new"], to_hex(hash_of("second")));
}

TEST_F(ProductWriterTest, ALongTextIsToldByItsDigest) {
  write(make_product("1"));
  settle_queue();
  catalogue::Product product = make_product("1", "second");
  product.name = std::string(257, 'x');
  write(product);
  EXPECT_EQ(changes()[0]["old"], "이름");
  EXPECT_EQ(changes()[0]["new"], (json{{"bytes", 257}, {"sha256", to_hex(hash_of(*product.name))}}));
}

TEST_F(ProductWriterTest, ARemovedProductIsMarkedAndQueuedOnce) {
  write(make_product("1"));
  settle_queue();
  database_.execute("test", "INSERT INTO detail_checks VALUES ('MY_STORE', '1', 1), ('MY_STORE', '2', 1)");
  clock_.advance(1h);
  EXPECT_TRUE(remove("1"));
  EXPECT_EQ(text(database_, "SELECT json_array(removed_at, list_hash IS NULL, name, updated_at) FROM products"),
            R"([1775003601000,1,"이름",1775003601000])");
  EXPECT_EQ(pending(), R"(1 REMOVED [{"field":"product","old":"이름","new":null,"reason":"REMOVED"}])");
  EXPECT_EQ(text(database_, "SELECT group_concat(sku) FROM detail_checks"), "2");
  EXPECT_FALSE(remove("1"));
  EXPECT_FALSE(remove("unknown"));
  EXPECT_EQ(number(database_, "SELECT count(*) FROM refresh_queue"), 2);
}

TEST_F(ProductWriterTest, ARemovedProductThatIsBackIsNew) {
  write(make_product("1"));
  remove("1");
  settle_queue();
  EXPECT_EQ(write(make_product("1")), WriteOutcome::updated);
  EXPECT_EQ(text(database_, "SELECT json_array(removed_at, list_hash IS NULL) FROM products"), "[null,0]");
  EXPECT_EQ(pending(), R"(1 NEW [{"field":"product","old":null,"new":"이름","reason":"NEW"}])");
  EXPECT_TRUE(compared_.empty());
}

TEST_F(ProductWriterTest, ProductAndQueueEntryGoTogether) {
  {
    Transaction transaction(database_);
    writer_.write(make_product("1"));
  }
  EXPECT_EQ(number(database_, "SELECT (SELECT count(*) FROM products) + (SELECT count(*) FROM refresh_queue)"), 0);
}

// --- known and unknown products in any order, several times in one transaction ---

TEST_F(ProductWriterTest, NewAndKnownProductsMayComeInAnyOrder) {
  write(make_product("b"));
  write(make_product("d"));
  settle_queue();
  std::vector<WriteOutcome> outcomes;
  {
    Transaction transaction(database_);
    for (const char* sku : {"a", "b", "c", "d", "e"}) outcomes.push_back(writer_.write(make_product(sku)));
    outcomes.push_back(writer_.write(make_product("b", "second")));
    outcomes.push_back(writer_.write(make_product("f")));
    transaction.commit();
  }
  using enum WriteOutcome;
  EXPECT_THAT(outcomes, ::testing::ElementsAre(inserted, unchanged, inserted, unchanged, inserted, updated, inserted));
  EXPECT_EQ(text(database_, "SELECT group_concat(sku, '') FROM (SELECT sku FROM products ORDER BY sku)"), "abcdef");
  EXPECT_EQ(text(database_,
                 "SELECT group_concat(sku || reason) FROM (SELECT sku, reason FROM refresh_queue "
                 "WHERE status = 'PENDING' ORDER BY sku)"),
            "aNEW,bCONTENT,cNEW,eNEW,fNEW");
  EXPECT_EQ(metric("db_upsert_rows_total"), 7);
  EXPECT_EQ(metric("no_change_skip_total"), 2);
}

TEST_F(ProductWriterTest, AProductDeliveredTwiceInATransactionIsComparedWithItself) {
  Transaction transaction(database_);
  catalogue::Product product = make_product("1");
  EXPECT_EQ(writer_.write(product), WriteOutcome::inserted);
  EXPECT_EQ(writer_.write(product), WriteOutcome::unchanged);
  product.content_hash = hash_of("second");
  product.sale_price = 2000;
  EXPECT_EQ(writer_.write(product), WriteOutcome::updated);
  EXPECT_EQ(writer_.write(make_product("2")), WriteOutcome::inserted);
  transaction.commit();
  EXPECT_EQ(number(database_, "SELECT sale_price FROM products WHERE sku = '1'"), 2000);
  EXPECT_EQ(number(database_, "SELECT count(*) FROM refresh_queue WHERE sku = '1'"), 1);
  EXPECT_EQ(text(database_, "SELECT reason FROM refresh_queue WHERE sku = '1'"), "NEW,PRICE");
}

// --- what a writer may be told ---

TEST_F(ProductWriterTest, WithoutSkippingAnEqualProductIsRewrittenButNotQueued) {
  ProductWriter writer(database_, metrics_, {}, "run-2", {.skip_equal = false});
  writer.write(make_product("1"));
  settle_queue();
  clock_.advance(1h);
  EXPECT_EQ(writer.preview(make_product("1")).outcome, WriteOutcome::updated);
  EXPECT_EQ(writer.write(make_product("1")), WriteOutcome::updated);
  EXPECT_EQ(text(database_, "SELECT json_array(created_at, updated_at) FROM products"),
            "[1775000001000,1775003601000]");
  EXPECT_EQ(pending(), "");
  EXPECT_EQ(metric("db_upsert_rows_total"), 2);
  EXPECT_EQ(metric("no_change_skip_total"), 0);
}

TEST_F(ProductWriterTest, ANumberThatTwoSourcesGiveIsOfTwoProducts) {
  write(make_product("1"));
  const std::string sql = "SELECT json_array(name, updated_at, removed_at, raw_json) FROM products WHERE source = ";
  const std::string before = text(database_, sql + "'MY_STORE'");
  catalogue::Product other = make_product("1", "second");
  other.source = "OTHER";
  other.name = "other";
  clock_.advance(1h);
  EXPECT_EQ(write(other), WriteOutcome::inserted);
  other.sale_price = 5;
  other.content_hash = hash_of("third");
  EXPECT_EQ(write(other), WriteOutcome::updated);
  EXPECT_EQ(text(database_, sql + "'MY_STORE'"), before);
  EXPECT_EQ(write(make_product("1")), WriteOutcome::unchanged);
  EXPECT_THAT(texts(database_, "SELECT source || ' ' || reason FROM refresh_queue ORDER BY id"),
              ::testing::ElementsAre("MY_STORE NEW", "OTHER NEW,PRICE"));
  EXPECT_TRUE(writer_.remove({"OTHER", "1"}));
  EXPECT_EQ(text(database_, sql + "'MY_STORE'"), before);
  EXPECT_EQ(number(database_, "SELECT removed_at IS NOT NULL FROM products WHERE source = 'OTHER'"), 1);
}

// --- without writing ---

TEST_F(ProductWriterTest, APreviewSaysWhatAWriteThenDoes) {
  const auto fields_of = [](const WritePreview& preview) {
    std::vector<std::string> fields;
    for (const catalogue::Change& change : preview.changes)
      fields.push_back(change.field + " " + change.before + " " + change.after);
    return fields;
  };
  const auto unknown = writer_.preview(make_product("1"));
  EXPECT_EQ(unknown.outcome, WriteOutcome::inserted);
  EXPECT_THAT(fields_of(unknown), ::testing::ElementsAre("product null \"이름\""));
  EXPECT_EQ(number(database_, "SELECT count(*) FROM products"), 0);

  write(make_product("1"));
  EXPECT_EQ(writer_.preview(make_product("1")).outcome, WriteOutcome::unchanged);
  catalogue::Product product = make_product("1", "second");
  product.sale_price = 2000;
  const auto changed = writer_.preview(product);
  EXPECT_EQ(changed.outcome, WriteOutcome::updated);
  EXPECT_THAT(fields_of(changed), ::testing::ElementsAre("sale_price 1000 2000"));
  EXPECT_EQ(number(database_, "SELECT sale_price FROM products"), 1000);

  remove("1");
  EXPECT_THAT(fields_of(writer_.preview(make_product("1"))), ::testing::ElementsAre("product null \"이름\""));
  EXPECT_EQ(number(database_, "SELECT removed_at IS NOT NULL FROM products"), 1);
  EXPECT_EQ(metric("no_change_skip_total"), 0);
}

TEST_F(ProductWriterTest, ARowIsKnownByItsHash) {
  catalogue::Product product = make_product("1");
  product.list_hash.reset();
  const Fingerprint row = product.row_hash.emplace(fingerprint_of("row"));
  EXPECT_FALSE(writer_.is_made_of(row, {"MY_STORE", "1"}));
  write(product);
  EXPECT_TRUE(writer_.is_made_of(row, {"MY_STORE", "1"}));
  EXPECT_EQ(metric("no_change_skip_total"), 1);
  EXPECT_FALSE(writer_.is_made_of(row, {"OTHER", "1"}));
  EXPECT_FALSE(writer_.is_made_of(fingerprint_of("another row"), {"MY_STORE", "1"}));
  EXPECT_FALSE(writer_.is_made_of(row, {"MY_STORE", "2"}));
  remove("1");
  EXPECT_FALSE(writer_.is_made_of(row, {"MY_STORE", "1"}));
  EXPECT_EQ(metric("no_change_skip_total"), 1);
}

TEST_F(ProductWriterTest, ARowThatCouldNotBeParsedIsNeverKnown) {
  catalogue::Product product = make_product("1");
  product.row_hash = fingerprint_of("row");
  product.parse_status = catalogue::ParseStatus::fail;
  write(product);
  EXPECT_FALSE(writer_.is_made_of(*product.row_hash, {"MY_STORE", "1"}));
}

TEST_F(ProductWriterTest, WithoutFollowListNothingOfAnEqualProductIsWritten) {
  ProductWriter still(database_, metrics_, {}, "run", {.follow_list = false});
  const auto of_row = [](std::string_view row) {
    catalogue::Product product = make_product("1");
    product.list_hash.reset();
    product.row_hash = fingerprint_of(row);
    return product;
  };
  write(of_row("row"));
  catalogue::Product moved = of_row("another row");
  moved.modified_at = "2026-05-01";
  EXPECT_EQ(still.write(moved), WriteOutcome::unchanged);
  EXPECT_TRUE(writer_.is_made_of(fingerprint_of("row"), {"MY_STORE", "1"}));
  EXPECT_EQ(write(moved), WriteOutcome::unchanged);
  EXPECT_TRUE(writer_.is_made_of(*moved.row_hash, {"MY_STORE", "1"}));
}

}  // namespace
}  // namespace pipeline::store
