#include "pipeline/store/post_json.h"

#include "engines.h"

namespace pipeline::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class PostsConformance : public ConformanceTest {
 protected:
  static PostRecord post(const std::string& content_id) {
    return {.content_id = content_id,
            .folder = "posts/" + content_id,
            .title = "제목 " + content_id,
            .link = "https://a.example",
            .products = {"MY_STORE:1", "unknown"}};
  }
  void build(const std::string& content_id, std::string_view digest) const {
    packages().put({.content_id = content_id,
                    .run_id = "r",
                    .built_at = WallTime(std::chrono::hours(1)),
                    .digest = hash_of(digest)},
                   {});
  }
  [[nodiscard]] Packages& packages() const { return *store_.packages; }
  [[nodiscard]] PostRecord known(const std::string& content_id) const {
    const auto found = packages().find_post(content_id);
    EXPECT_TRUE(found) << content_id;
    return found.value_or(PostRecord{});
  }
  // `A write`, of those that need something.
  [[nodiscard]] std::vector<std::string> needs() const {
    std::vector<std::string> all;
    packages().each_post_in_need([&](const PostRecord& post) {
      constexpr const char* kNames[] = {"nothing", "write", "upload", "mend"};
      all.push_back(post.content_id + " " + kNames[static_cast<int>(post.need())]);
    });
    return all;
  }
};
HOLD_EVERY_ENGINE(PostsConformance);

TEST_P(PostsConformance, APostIsFoundAsItWasPut) {
  EXPECT_FALSE(packages().find_post("A"));
  PostRecord full = post("A");
  full.state = PostState::rejected;
  full.reasons = {"하나", "two"};
  full.not_built_since = WallTime(std::chrono::hours(2));
  full.outdated = {{"MY_STORE:1", "sale_price", "1", "2", WallTime(std::chrono::hours(3))}};
  full.stale = {{"body.md:1", "1원", "MY_STORE:1", "sale_price", "1원", "2원"}};
  full.stale_since = WallTime(std::chrono::hours(4));
  full.kept = {"문장"};
  full.published = hash_of("p");
  full.published_at = WallTime(std::chrono::hours(5));
  packages().put_post(full);
  EXPECT_EQ(known("A"), full);
  packages().put_post(post("A"));
  EXPECT_EQ(known("A"), post("A"));
}

TEST_P(PostsConformance, WhatIsBuiltComesFromItsPackage) {
  packages().put_post(post("A"));
  EXPECT_EQ(known("A").built, std::nullopt);
  build("A", "one");
  EXPECT_EQ(known("A").built, hash_of("one"));
  EXPECT_EQ(known("A").built_at, WallTime(std::chrono::hours(1)));
  EXPECT_EQ(packages().find("A")->digest, hash_of("one"));
  packages().remove("A");
  EXPECT_EQ(known("A").built, std::nullopt);
}

TEST_P(PostsConformance, EachNeedsOneThing) {
  PostRecord rejected = post("A");
  rejected.state = PostState::rejected;
  PostRecord stale = post("B");
  stale.stale = {{"body.md:1", "1원", "MY_STORE:1", "sale_price", "1원", "2원"}};
  PostRecord published = post("D");
  published.published = hash_of("one");
  for (const PostRecord& each : {rejected, stale, post("C"), published, post("E")}) packages().put_post(each);
  for (const char* built : {"B", "C", "D"}) build(built, "one");
  EXPECT_THAT(needs(), ElementsAre("A mend", "B write", "C upload"));
  build("D", "other");
  EXPECT_THAT(needs(), ElementsAre("A mend", "B write", "C upload", "D upload"));
  std::vector<std::string> all;
  packages().each_post([&](const PostRecord& each) { all.push_back(each.content_id); });
  EXPECT_THAT(all, ElementsAre("A", "B", "C", "D", "E"));
}

TEST_P(PostsConformance, PublishedPostsOfWhatIsNotToBeHadAreToBeTakenDown) {
  catalogue::Product sold_out = make_product("1");
  sold_out.status = "SALE";
  sold_out.stock_quantity = 0;
  catalogue::Product sold = make_product("2");
  sold.status = "SALE";
  sold.stock_quantity = 3;
  write({sold_out, sold, make_product("3")});
  remove("3");
  const auto put = [&](const std::string& content_id, const std::string& sku, bool is_published) {
    PostRecord record = post(content_id);
    record.products = {"MY_STORE:" + sku};
    if (is_published) record.published = hash_of("one");
    packages().put_post(record);
  };
  put("A", "1", true);
  put("B", "2", true);
  put("C", "3", true);
  put("D", "1", false);
  std::vector<std::string> told;
  for (const TakeDown& each : packages().to_take_down())
    told.push_back(each.content_id + " " + each.product + " " + each.state + " " + each.link);
  EXPECT_THAT(told, ElementsAre("A MY_STORE:1 OUTOFSTOCK https://a.example", "C MY_STORE:3 REMOVED https://a.example"));
}

TEST_P(PostsConformance, AForgottenPostLeavesNothing) {
  packages().put_post(post("A"));
  packages().put_post(post("B"));
  build("A", "one");
  packages().forget_post("A");
  EXPECT_FALSE(packages().find_post("A"));
  EXPECT_FALSE(packages().find("A"));
  EXPECT_TRUE(packages().find_post("B"));
}

TEST_P(PostsConformance, TotalsTellHowItStands) {
  catalogue::Product unreadable = make_product("2");
  unreadable.parse_status = catalogue::ParseStatus::fail;
  unreadable.parse_error = "originProduct is missing";
  write({make_product("1"), unreadable, make_product("3")});
  remove("3");
  const CatalogueTotals products = catalogue().totals(10);
  EXPECT_EQ(products.present, 2);
  EXPECT_EQ(products.unreadable_count, 1);
  ASSERT_EQ(products.unreadable.size(), 1U);
  EXPECT_EQ(products.unreadable[0].product, "MY_STORE:2");
  EXPECT_EQ(products.unreadable[0].error, "originProduct is missing");

  const QueueTotals queued = queue().totals();
  EXPECT_EQ(queued.pending, static_cast<std::int64_t>(waiting().size()));
  EXPECT_EQ(queued.oldest_pending, clock_.wall());
  std::vector<std::string> skus;
  const auto note = [&](const catalogue::QueueEntry& entry) { skus.push_back(entry.sku); };
  EXPECT_EQ(queue().each_change_since(clock_.wall(), note), 1) << "new products are counted alone";
  EXPECT_EQ(skus, std::vector<std::string>{"3"}) << "removed";
  EXPECT_EQ(queue().each_change_since(clock_.wall() + std::chrono::milliseconds(1), note), 0);
  EXPECT_EQ(skus.size(), 1U);
  settle_queue();
  EXPECT_EQ(queue().totals().pending, 0);
  EXPECT_EQ(queue().totals().oldest_pending, std::nullopt);
}

TEST(PostJson, WhatSomebodyElseWroteIsAnEmptyList) {
  EXPECT_THAT(parse_texts("[1]"), IsEmpty());
  EXPECT_THAT(parse_outdated("{"), IsEmpty());
  EXPECT_THAT(parse_stale("[{}]"), IsEmpty());
}

}  // namespace
}  // namespace pipeline::store
