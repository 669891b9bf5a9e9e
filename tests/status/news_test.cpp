#include "pipeline/status/news.h"

#include "pipeline/store_sqlite/database.h"

#include "support/fake_clock.h"
#include "support/temp_dir.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::status {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class StatusNews : public ::testing::Test {
 protected:
  void put(const std::string& sku, const std::string& name, std::int64_t price, std::int64_t stock,
           const std::string& status = "SALE") {
    catalogue::Product product;
    product.source = "MY_STORE";
    product.sku = sku;
    product.name = name;
    product.sale_price = price;
    product.stock_quantity = stock;
    product.status = status;
    product.content_hash = Sha256{};
    product.content_hash->at(0) = static_cast<std::uint8_t>(++versions_);
    product.raw_json = "{}";
    const std::vector<store::Delivery> deliveries{{&product}};
    (void)store_.catalogue->write({.products = deliveries}, {.run_id = "r"});
  }
  // What waits is done: a later change is an entry of its own.
  void work_off() {
    for (const auto& entry : store_.queue->claim({.worker = "w", .limit = 1000, .lease = hours(1)}))
      (void)store_.queue->done(std::vector{entry.id}, "w");
  }
  [[nodiscard]] News news(hours back = hours(24)) { return read_news(store_, clock_.wall() - back); }
  [[nodiscard]] static std::vector<std::string> words(const NewsList& list) {
    std::vector<std::string> all;
    for (const ProductNews& one : list.latest)
      all.push_back(fmt::format("{} {} {} {}", one.product, one.change.field, one.change.before, one.change.after));
    return all;
  }

  test::TempDir folder_;
  test::FakeClock clock_;
  store::Store store_ = store::sqlite::file_database((folder_ / "store.db").string())->open(clock_);
  int versions_ = 0;
};

TEST_F(StatusNews, NamesWhatChanged) {
  put("1", "보냉 텀블러", 20'002, 5);
  put("2", "머그", 9'000, 3);
  work_off();
  clock_.advance(hours(30));
  put("1", "보냉 텀블러 500ml", 55'500, 5);
  put("2", "머그", 9'000, 0, "OUTOFSTOCK");
  put("3", "새 상품", 1'000, 1);
  const News found = news();
  EXPECT_EQ(found.price.count, 1);
  EXPECT_THAT(words(found.price), ElementsAre("MY_STORE:1 sale_price 20002 55500"));
  EXPECT_EQ(found.price.latest[0].name, "보냉 텀블러 500ml");
  EXPECT_THAT(words(found.words), ElementsAre(R"(MY_STORE:1 name "보냉 텀블러" "보냉 텀블러 500ml")"));
  EXPECT_THAT(words(found.stock), ElementsAre("MY_STORE:2 stock_quantity 3 0"));
  EXPECT_EQ(found.state.count, 0) << "its stock says so";
  EXPECT_EQ(found.fresh.count, 1);
  EXPECT_EQ(found.fresh.latest[0].name, "새 상품");
  EXPECT_FALSE(found.empty());
  clock_.advance(hours(1));
  EXPECT_TRUE(news(hours(0)).empty()) << "since now nothing did";
}

TEST_F(StatusNews, AStateOfItsOwnIsToldAndAStockThatMovesIsCounted) {
  put("1", "하나", 1'000, 5);
  put("2", "둘", 1'000, 5);
  work_off();
  clock_.advance(hours(30));
  put("1", "하나", 1'000, 5, "SUSPENSION");
  put("2", "둘", 1'000, 4);
  const News found = news();
  EXPECT_THAT(words(found.state), ElementsAre(R"(MY_STORE:1 status "SALE" "SUSPENSION")"));
  EXPECT_THAT(found.stock.latest, IsEmpty());
  EXPECT_EQ(found.others, 1);
}

TEST_F(StatusNews, OfManyTheLatestAreNamedAndAllCounted) {
  for (std::size_t i = 0; i < kNewsShown + 20; ++i) put(std::to_string(1000 + i), "이름", 1'000, 1);
  const News found = news();
  EXPECT_EQ(found.fresh.count, static_cast<std::int64_t>(kNewsShown) + 20);
  ASSERT_THAT(found.fresh.latest, SizeIs(kNewsShown));
  EXPECT_EQ(found.fresh.latest.front().product, fmt::format("MY_STORE:{}", 1000 + kNewsShown + 19));
}

TEST_F(StatusNews, TellsHowLongEntriesHaveWaited) {
  put("1", "하나", 1'000, 5);
  clock_.advance(hours(24 * 6));
  put("2", "둘", 1'000, 5);
  clock_.advance(hours(24 * 2));
  put("3", "셋", 1'000, 5);
  put("4", "넷", 1'000, 5);
  const Waiting waiting = read_waiting(*store_.queue, clock_.wall());
  EXPECT_EQ(waiting.longer, 1);
  EXPECT_EQ(waiting.this_week, 1);
  EXPECT_EQ(waiting.today, 2);
  EXPECT_EQ(waiting.oldest, clock_.wall() - hours(24 * 8));
  work_off();
  EXPECT_EQ(read_waiting(*store_.queue, clock_.wall()).oldest, std::nullopt);
}

}  // namespace
}  // namespace pipeline::status
