#include "pipeline/store/transfer.h"

#include "engines.h"

#include <stdexcept>

namespace pipeline::store {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::IsTrue;
using testing::SizeIs;

// From each engine to a file of SQLite's and back.
class TransferConformance : public ConformanceTest {
 protected:
  void SetUp() override {
    ConformanceTest::SetUp();
    if (IsSkipped()) return;
    file_ = sqlite::file_database(dir_ / "other.db")->open(clock_);
  }

  // A product of each kind, what is queued of it, a post and its package.
  void fill() const {
    catalogue::Product of_a_file = make_product("2");
    of_a_file.source = "OTHER";
    catalogue::Product unreadable = make_product("3");
    unreadable.parse_status = catalogue::ParseStatus::fail;
    unreadable.raw_json = std::string("\xFF\x00{", 3);
    unreadable.parse_error = "no JSON";
    write({make_product("1"), of_a_file, unreadable});
    remove("1");
    catalogue().remember(
        {.source = "MY_STORE", .digest = Sha256{1, 2, 3}, .client_id_end = "abcd", .account_id_end = ""});
    store_.packages->put({.content_id = "POST1", .run_id = "run"}, std::vector{PackedImage{Sha256{7}, 9, "look"}});
    store_.packages->put_post(
        {.content_id = "POST1", .folder = "posts/1", .title = "글", .link = "", .products = {"MY_STORE:1"}});
    store_.runs->start({"run", "trace", "sync", "{}", clock_.wall()});
    store_.upkeep->note_missing_posts({{"POST1", clock_.wall()}});
  }

  // An empty one of the engine's.
  [[nodiscard]] Store another_store() const {
    std::filesystem::create_directory(dir_ / "another");
    return GetParam().make(dir_ / "another")->open(clock_);
  }

  Store file_;
};

constexpr auto kQuiet = [](std::string_view, std::int64_t) {};

TEST_P(TransferConformance, ACopyIsEqualAndSoIsTheCopyOfIt) {
  fill();
  EXPECT_THAT(copy_store(*store_.transfer, *file_.transfer, kQuiet), Each(Field(&Copied::is_equal, IsTrue())));
  const Store third = another_store();
  EXPECT_THAT(copy_store(*file_.transfer, *third.transfer, kQuiet), Each(Field(&Copied::is_equal, IsTrue())));
  EXPECT_EQ(third.queue->totals().pending, store_.queue->totals().pending);
  EXPECT_EQ(third.catalogue->owner_of("MY_STORE").value().digest, (Sha256{1, 2, 3}));
  EXPECT_EQ(third.packages->find_post("POST1"), store_.packages->find_post("POST1"));
}

TEST_P(TransferConformance, TheQueueCountsOnBehindWhatWasCopied) {
  fill();
  const Store copy = another_store();
  (void)copy_store(*store_.transfer, *file_.transfer, kQuiet);
  (void)copy_store(*file_.transfer, *copy.transfer, kQuiet);
  const auto product = make_product("9");
  const Delivery delivery{&product};
  copy.catalogue->write({.products = {&delivery, 1}}, {.run_id = "run"});
  std::vector<std::int64_t> ids;
  copy.queue->each({}, [&](const catalogue::QueueEntry& entry) { ids.push_back(entry.id); });
  EXPECT_THAT(ids, SizeIs(entries().size() + 1));
  EXPECT_TRUE(std::ranges::is_sorted(ids));
}

TEST_P(TransferConformance, WhatWasBrokenOffGoesOn) {
  std::vector<catalogue::Product> products;
  for (int i = 0; i < 1'200; ++i) products.push_back(make_product(std::to_string(10'000 + i)));
  write(products);
  const auto break_off = [](std::string_view, std::int64_t rows) {
    if (rows >= 1'000) throw std::runtime_error("stopped");
  };
  EXPECT_THROW((void)copy_store(*store_.transfer, *file_.transfer, break_off), std::runtime_error);
  ASSERT_TRUE(is_beginning_of_copy(*store_.transfer, *file_.transfer));
  const auto copied = copy_store(*store_.transfer, *file_.transfer, kQuiet);
  EXPECT_THAT(copied, Each(Field(&Copied::is_equal, IsTrue())));
  EXPECT_EQ(copied.front().before, 1'000);
  EXPECT_EQ(copied.front().rows, 1'200);
}

TEST_P(TransferConformance, AnotherStoreIsNoBeginning) {
  fill();
  const auto product = make_product("0");
  const Delivery delivery{&product};
  file_.catalogue->write({.products = {&delivery, 1}}, {.run_id = "run"});
  EXPECT_FALSE(is_beginning_of_copy(*store_.transfer, *file_.transfer));
}

HOLD_EVERY_ENGINE(TransferConformance);

}  // namespace
}  // namespace pipeline::store
