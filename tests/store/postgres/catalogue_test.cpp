#include "postgres/catalogue.h"

#include "pipeline/base/error.h"
#include "pipeline/store_sqlite/database.h"

#include "../products.h"
#include "postgres/queue.h"
#include "server_fixture.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pipeline::store::postgres {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using enum WriteOutcome;

// Rows that were read of the products and the queue.
constexpr std::string_view kRead =
    "SELECT sum(coalesce(idx_tup_fetch, 0) + seq_tup_read)::bigint FROM pg_stat_user_tables "
    "WHERE schemaname = $1 AND relname IN ('products', 'refresh_queue')";

// What other engines can't be held to: how the rows stand in the tables, and what others do meanwhile.
class ServerCatalogueTest : public ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    if (IsSkipped()) return;
    connection_ = connect();
    runs_ = std::make_unique<Runs>(connection_);
    catalogue_ = std::make_unique<Catalogue>(connection_, *runs_, sqlite::run_list);
  }
  void TearDown() override {
    catalogue_.reset();
    runs_.reset();
    connection_.reset();
    ServerTest::TearDown();
  }

  std::vector<WriteOutcome> write(const std::vector<catalogue::Product>& products, const Writing& how) {
    std::vector<Delivery> deliveries;
    for (const auto& product : products) deliveries.push_back({&product});
    return catalogue_->write({.products = deliveries}, how).outcomes;
  }
  std::vector<WriteOutcome> write(const std::vector<catalogue::Product>& products) {
    return write(products, {.run_id = "run"});
  }
  // Does something between the reading and the writing of a batch, at the first attempt.
  static Writing interrupted_by(const std::function<void()>& act) {
    return {.run_id = "run", .body_diff = [act, is_done = false](std::string_view, const catalogue::Product&) mutable {
              if (!std::exchange(is_done, true)) act();
              return std::vector<catalogue::Change>{};
            }};
  }
  // `SKU reason status` of each entry.
  std::vector<std::string> entries() {
    const Result found = connection_->ask(
        "read the queue", "SELECT sku || ' ' || reason || ' ' || status FROM @refresh_queue ORDER BY id");
    std::vector<std::string> all;
    for (const auto text : found.texts(0)) all.emplace_back(text);
    return all;
  }
  std::string value(const std::string& expression) {
    const std::string sql = "SELECT (" + expression + ")::text FROM @products ORDER BY sku LIMIT 1";
    const Result found = connection_->ask("read a product", sql);
    return found.is_null(0, 0) ? "null" : std::string(found.text(0, 0));
  }

  std::shared_ptr<Connection> connection_;
  std::unique_ptr<Runs> runs_;
  std::unique_ptr<Catalogue> catalogue_;
};

TEST_F(ServerCatalogueTest, ABodyThatIsNoTextIsKeptByteForByte) {
  using namespace std::string_literals;
  catalogue::Product product = make_product("1");
  product.parse_status = catalogue::ParseStatus::fail;
  product.parse_error = "unexpected end";
  for (const std::string& body : {"\xff{"s, "a\0b"s}) {
    product.raw_json = body;
    write({product});
    EXPECT_EQ(value("raw_json"), "null");
    EXPECT_EQ(value("length(raw_bytes)"), std::to_string(body.size()));
    EXPECT_THAT(write({product}), ElementsAre(unchanged));
  }
  product.raw_json = "{half";
  write({product});
  EXPECT_EQ(value("raw_json"), "{half");
  EXPECT_EQ(value("raw_bytes"), "null");
}

TEST_F(ServerCatalogueTest, AnUnchangedProductIsNotWritten) {
  write({make_product("1")});
  const std::string before = value("xmin");
  EXPECT_THAT(write({make_product("1")}), ElementsAre(unchanged));
  EXPECT_EQ(value("xmin"), before);
  EXPECT_EQ(value("ctid"), "(0,1)");
}

// More than the server has to work on at a time, and more than a page of the store.
TEST_F(ServerCatalogueTest, ManyProductsAreWrittenPieceByPieceInTheirOrder) {
  constexpr int kProducts = 1'003;
  std::vector<catalogue::Product> products;
  for (int i = 0; i < kProducts; ++i) products.push_back(make_product(fmt::format("{:04}", i * 7 % kProducts)));
  EXPECT_THAT(write(products), ::testing::Each(inserted));
  for (auto& product : products) product.content_hash = hash_of("second");
  EXPECT_THAT(write(products), ::testing::Each(updated));
  const auto queued = entries();
  ASSERT_EQ(queued.size(), products.size());
  for (std::size_t i = 0; i < queued.size(); ++i) EXPECT_EQ(queued[i], products[i].sku + " NEW,CONTENT PENDING");
}

// So 20 ms to the server cost a batch 40, and not each of its products.
TEST_F(ServerCatalogueTest, ABatchIsTwoRoundTripsWhateverItsSize) {
  const auto trips_of = [&](const std::function<void()>& act) {
    const std::int64_t before = connection_->round_trips();
    act();
    return connection_->round_trips() - before;
  };
  for (const int count : {1, 1'000}) {
    std::vector<catalogue::Product> products;
    std::vector<RowProof> rows;
    std::vector<ListedProduct> page;
    std::vector<RemovalCandidate> candidates;
    for (int i = 0; i < count; ++i) products.push_back(make_row(fmt::format("{} of {}", i, count)));
    for (const auto& product : products) {
      rows.push_back({product.key(), *product.row_hash});
      page.push_back({product.sku, {}, "{}"});
      candidates.push_back({product.sku, {}});
    }
    catalogue_->begin_list("MY_STORE");
    EXPECT_EQ(trips_of([&] { write(products); }), 2);
    EXPECT_EQ(trips_of([&] { (void)catalogue_->are_made_of(rows, {}); }), 1);
    EXPECT_EQ(trips_of([&] { (void)catalogue_->compare(page, false, 0); }), 1);
    for (auto& product : products) product.content_hash = hash_of("second");
    EXPECT_EQ(trips_of([&] { write(products); }), 2);
    EXPECT_EQ(trips_of([&] { (void)catalogue_->remove("MY_STORE", candidates, "run"); }), 2);
  }
}

// As long as nothing is known of a new table, a server may think that a condition leaves next to nothing of it.
TEST_F(ServerCatalogueTest, WithoutStatisticsNoMoreIsReadThanAskedFor) {
  (void)connection_->ask("keep the statistics away", "ALTER TABLE @products SET (autovacuum_enabled = false)");
  (void)connection_->ask("keep the statistics away", "ALTER TABLE @refresh_queue SET (autovacuum_enabled = false)");
  std::vector<catalogue::Product> products;
  for (int i = 0; i < 4'000; ++i) products.push_back(make_row(fmt::format("{:05}", i)));
  write(products);
  const auto read_by = [&](const std::function<void()>& act) {
    const auto total = [&] {
      const Result read = connect(Mode::any_schema)->ask("count what indexes gave", kRead, Values::of(address_.schema));
      return read.integer(0, 0);
    };
    (void)connection_->ask("count at once", "SELECT pg_stat_force_next_flush()");
    const std::int64_t before = total();
    act();
    (void)connection_->ask("count at once", "SELECT pg_stat_force_next_flush()");
    return total() - before;
  };
  products.resize(10);
  std::vector<RowProof> rows;
  std::vector<ListedProduct> page;
  for (const auto& product : products) {
    rows.push_back({product.key(), *product.row_hash});
    page.push_back({product.sku, {}, "{}"});
  }
  catalogue_->begin_list("MY_STORE");
  EXPECT_LE(read_by([&] { (void)catalogue_->are_made_of(rows, {}); }), 10);
  EXPECT_LE(read_by([&] { (void)catalogue_->compare(page, false, 0); }), 10);
  for (auto& product : products) product.content_hash = hash_of("second");
  EXPECT_LE(read_by([&] { write(products); }), 100);
}

TEST_F(ServerCatalogueTest, WhatAnotherPutsIntoTheQueueMeanwhileIsMerged) {
  write({make_product("1")});
  (void)connection_->ask("empty the queue", "DELETE FROM @refresh_queue");
  const Writing how = interrupted_by([&] {
    (void)connect()->ask("put back",
                         "INSERT INTO @refresh_queue (sku, source, reason, status, enqueued_at, changes) VALUES "
                         "('1', 'MY_STORE', 'STOCK', 'PENDING', 0, "
                         R"('[{"field":"stock_quantity","old":1,"new":5,"reason":"STOCK"}]'))");
  });
  EXPECT_THAT(write({make_product("1", "second")}, how), ElementsAre(updated));
  EXPECT_THAT(entries(), ElementsAre("1 STOCK,CONTENT PENDING"));
}

TEST_F(ServerCatalogueTest, AnEntryIsNotClaimedWhileItIsMerged) {
  write({make_product("1")});
  std::size_t claimed = 1;
  const Writing how = interrupted_by([&] {
    Queue queue(connect());
    claimed = queue.claim({.worker = "w", .limit = 1, .lease = 1min}).size();
  });
  EXPECT_THAT(write({make_product("1", "second")}, how), ElementsAre(updated));
  EXPECT_EQ(claimed, 0U);
  EXPECT_THAT(entries(), ElementsAre("1 NEW,CONTENT PENDING"));
}

TEST_F(ServerCatalogueTest, ABatchWhoseConnectionIsLostIsWrittenOnce) {
  write({make_product("1")});
  (void)connection_->ask("empty the queue", "DELETE FROM @refresh_queue");
  const std::int64_t pid = connection_->ask("ask who we are", "SELECT pg_backend_pid()").integer(0, 0);
  const Writing how = interrupted_by(
      [&] { (void)connect()->ask("cut the connection", "SELECT pg_terminate_backend($1::int)", Values::of(pid)); });
  EXPECT_THAT(write({make_product("0"), make_product("1", "second")}, how), ElementsAre(inserted, updated));
  EXPECT_THAT(entries(), ElementsAre("0 NEW PENDING", "1 CONTENT PENDING"));
}

TEST_F(ServerCatalogueTest, WhatTheServerRefusesInMidBatchLeavesNothing) {
  (void)connection_->ask("refuse a product", "ALTER TABLE @products ADD CONSTRAINT no_seven CHECK (sku <> '0007')");
  std::vector<catalogue::Product> products;
  for (int i = 0; i < 600; ++i) products.push_back(make_product(fmt::format("{:04}", i)));
  EXPECT_THAT(message_of([&] { write(products); }), ::testing::HasSubstr("insert products"));
  EXPECT_TRUE(catalogue_->is_empty());
  EXPECT_THAT(entries(), IsEmpty());
  products.erase(products.begin() + 7);
  EXPECT_THAT(write(products), ::testing::Each(inserted));
}

}  // namespace
}  // namespace pipeline::store::postgres
