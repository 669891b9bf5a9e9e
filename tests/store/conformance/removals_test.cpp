#include "pipeline/store/removals.h"

#include "engines.h"
#include "faulty_catalogue.h"

#include <fmt/core.h>

namespace pipeline::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RemovalConformance : public ConformanceTest {
 protected:
  void put(int count) {
    std::vector<catalogue::Product> products;
    for (int i = 0; i < count; ++i) products.push_back(make_product(fmt::format("{:05}", i)));
    write(products);
    settle_queue();
    catalogue().begin_list("MY_STORE");
  }
  Removals wanted(std::string_view limit, std::int64_t known) {
    return {.source = "MY_STORE",
            .run_id = "run",
            .limit = *parse_removal_limit(limit),
            .known = known,
            .list_is_whole = true,
            .marked = [this](const Written& written) {
              removed_ += written.count(WriteOutcome::updated);
              enqueued_ += written.enqueued;
            }};
  }
  std::int64_t removed_ = 0;
  std::int64_t enqueued_ = 0;
};
HOLD_EVERY_ENGINE(RemovalConformance);

TEST_P(RemovalConformance, ARemovedProductIsMarkedAndQueuedOnce) {
  write(make_product("1"));
  settle_queue();
  EXPECT_TRUE(remove("1"));
  EXPECT_EQ(stored("1").removed_at, clock_.wall());
  EXPECT_EQ(stored("1").product.name, "이름");
  EXPECT_THAT(waiting(), ElementsAre("1 REMOVED"));
  EXPECT_FALSE(remove("1"));
  EXPECT_FALSE(remove("unknown"));
  EXPECT_THAT(waiting(), ElementsAre("1 REMOVED"));
}

TEST_P(RemovalConformance, ARemovedProductThatIsBackIsNew) {
  write(make_product("1"));
  remove("1");
  settle_queue();
  EXPECT_EQ(write(make_product("1")), WriteOutcome::updated);
  EXPECT_FALSE(stored("1").removed_at);
  EXPECT_THAT(waiting(), ElementsAre("1 NEW"));
}

TEST_P(RemovalConformance, AllThatAreAbsentAreMarkedAPageAtATime) {
  put(2500);
  catalogue().note_listed(std::vector<std::string_view>{"00007"});
  EXPECT_FALSE(remove_absent(catalogue(), wanted("100%", 2500)));
  EXPECT_EQ(removed_, 2499);
  EXPECT_EQ(enqueued_, 2499);
  EXPECT_EQ(catalogue().count_present("MY_STORE"), 1);
  EXPECT_EQ(catalogue().count_absent(true), 0);
}

TEST_P(RemovalConformance, AboveTheCeilingNoneIs) {
  put(20);
  const auto held_back = remove_absent(catalogue(), wanted("19", 20));
  ASSERT_TRUE(held_back);
  EXPECT_EQ(held_back->found, 20);
  EXPECT_EQ(held_back->known, 20);
  ASSERT_EQ(held_back->examples.size(), 5U);
  EXPECT_EQ(held_back->examples[0].sku, "00000");
  EXPECT_EQ(removed_, 0);
  EXPECT_EQ(catalogue().count_present("MY_STORE"), 20);
  EXPECT_THAT(waiting(), IsEmpty());
}

TEST_P(RemovalConformance, ADryRunTellsEachAndMarksNone) {
  put(3);
  std::vector<std::string> told;
  Removals dry = wanted("100%", 3);
  dry.tell = [&](const RemovalCandidate& product) { told.push_back(product.sku + " " + product.name); };
  EXPECT_FALSE(remove_absent(catalogue(), dry));
  EXPECT_THAT(told, ElementsAre("00000 이름", "00001 이름", "00002 이름"));
  EXPECT_EQ(catalogue().count_present("MY_STORE"), 3);
}

TEST_P(RemovalConformance, WhatWasMarkedBeforeAFailureStaysAndIsTold) {
  put(2500);
  FaultyCatalogue faulty(catalogue(), {.call = 2});
  EXPECT_THAT(message_of([&] { (void)remove_absent(faulty, wanted("100%", 2500)); }), HasSubstr("call 2"));
  EXPECT_EQ(removed_, 1000);
  EXPECT_EQ(catalogue().count_present("MY_STORE"), 1500);
  EXPECT_FALSE(remove_absent(catalogue(), wanted("100%", 1500)));
  EXPECT_EQ(catalogue().count_present("MY_STORE"), 0);
}

TEST_P(RemovalConformance, OnlyProductsThatArePresentCount) {
  write({make_product("1"), make_product("2"), make_product("3")});
  catalogue::Product other = make_product("4");
  other.source = "OTHER";
  write(other);
  remove("2");
  EXPECT_EQ(catalogue().count_present("MY_STORE"), 2);
  EXPECT_EQ(catalogue().count_present("OTHER"), 1);
  EXPECT_EQ(catalogue().count_present("NOBODY"), 0);
}

}  // namespace
}  // namespace pipeline::store
