#include "emulator/store_fixture.h"

#include <algorithm>
#include <set>

namespace pipeline::emulator {
namespace {

class ListTest : public StoreTest {
 protected:
  void SetUp() override {
    open(small(230));
    sign_in();
  }

  std::vector<std::int64_t> read_all(std::int64_t size) {
    std::vector<std::int64_t> numbers;
    for (std::int64_t number = 1;; ++number) {
      const json read = page({{"page", number}, {"size", size}});
      const auto rows = channel_nos(read);
      numbers.insert(numbers.end(), rows.begin(), rows.end());
      if (read.at("last").get<bool>()) return numbers;
    }
  }

  std::string refused(const json& body) {
    const Reply reply = search(body);
    EXPECT_EQ(reply.status, 400) << reply.body;
    EXPECT_EQ(code(reply), "BAD_REQUEST");
    return invalid_input(reply);
  }
};

TEST_F(ListTest, PagesCountContentEntries) {
  const json first = page();
  EXPECT_EQ(first.at("contents").size(), 50U);
  EXPECT_EQ(first.at("page"), 1);
  EXPECT_EQ(first.at("size"), 50);
  EXPECT_EQ(first.at("totalElements"), 230);
  EXPECT_EQ(first.at("totalPages"), 5);
  EXPECT_EQ(first.at("first"), true);
  EXPECT_EQ(first.at("last"), false);
  const json last = page({{"page", 5}});
  EXPECT_EQ(last.at("contents").size(), 30U);
  EXPECT_EQ(last.at("first"), false);
  EXPECT_EQ(last.at("last"), true);
  EXPECT_TRUE(page({{"page", 6}}).at("contents").empty());
  EXPECT_TRUE(page({{"page", 9'000'000'000'000'000'000}}).at("contents").empty());
}

TEST_F(ListTest, AllPagesTogetherAreTheStore) {
  const auto expected = emulator_->channel_nos();
  for (const std::int64_t size : {7, 230, 500}) {
    const auto read = read_all(size);
    EXPECT_EQ(read.size(), expected.size());
    EXPECT_EQ(std::set(read.begin(), read.end()), std::set(expected.begin(), expected.end()));
  }
}

TEST_F(ListTest, PagesBeyondTheCeilingAreRefused) {
  auto options = small(230);
  options.list_ceiling = 100;
  open(options);
  sign_in();
  EXPECT_EQ(page({{"page", 2}, {"size", 50}}).at("totalElements"), 230);
  EXPECT_EQ(refused({{"page", 3}, {"size", 50}}), "page");
  EXPECT_EQ(refused({{"page", 9'000'000'000'000'000'000}, {"size", 50}}), "page");
  EXPECT_EQ(page({{"page", 9}, {"size", 50}, {"productStatusTypes", {"DELETE"}}}).at("totalElements"), 0)
      << "a short list has no ceiling";
}

TEST_F(ListTest, AnEntryMayHaveNoChannelProducts) {
  const auto numbers = emulator_->channel_nos();
  for (int i = 0; i < 2; ++i) emulator_->take_off_sale(numbers.at(static_cast<std::size_t>(i)));
  const json read = page({{"size", 500}, {"orderType", "NO"}});
  EXPECT_EQ(read.at("totalElements"), 230);
  int none = 0;
  for (const auto& entry : read.at("contents")) none += entry.at("channelProducts").empty() ? 1 : 0;
  EXPECT_EQ(none, 2);
  EXPECT_EQ(detail(numbers[0]).status, 404);
}

TEST_F(ListTest, PageZeroIsPageOne) {
  EXPECT_EQ(channel_nos(page({{"page", 0}})), channel_nos(page({{"page", 1}})));
  EXPECT_EQ(page({{"page", 0}}).at("page"), 1);
}

TEST_F(ListTest, NewestComeFirst) {
  const json read = page({{"size", 500}});
  std::vector<std::pair<std::string, std::int64_t>> keys;
  for (const json& entry : read.at("contents")) {
    keys.emplace_back(entry.at("channelProducts").at(0).at("regDate"), entry.at("originProductNo"));
  }
  EXPECT_TRUE(std::is_sorted(keys.rbegin(), keys.rend()));
  EXPECT_EQ(keys[0].first, keys[1].first) << "bulk uploads share a moment, then the number decides";
}

TEST_F(ListTest, OtherOrders) {
  const auto values = [&](const char* order, const char* field) {
    std::vector<json> found;
    const json read = page({{"size", 500}, {"orderType", order}});
    EXPECT_EQ(read.at("sort").at("fields").at(0).at("name"), order);
    for (const json& entry : read.at("contents"))
      found.push_back(entry.at("channelProducts").at(0).value(field, json()));
    return found;
  };
  EXPECT_TRUE(std::ranges::is_sorted(values("NO", "originProductNo"), std::greater<>()));
  EXPECT_TRUE(std::ranges::is_sorted(values("NAME", "name")));
  EXPECT_TRUE(std::ranges::is_sorted(values("SELLER_CODE", "sellerManagementCode")));
  EXPECT_TRUE(std::ranges::is_sorted(values("LOW_PRICE", "salePrice")));
  EXPECT_TRUE(std::ranges::is_sorted(values("HIGH_PRICE", "salePrice"), std::greater<>()));
  EXPECT_TRUE(std::ranges::is_sorted(values("REG_DATE", "regDate"), std::greater<>()));
  EXPECT_TRUE(std::ranges::is_sorted(values("MOD_DATE", "modifiedDate"), std::greater<>()));
  for (const char* order : {"SALE_START", "SALE_END", "POPULARITY", "ACCUMULATE_SALE", "LOW_DISCOUNT_PRICE",
                            "TOTAL_REVIEW_COUNT", "AVERAGE_REVIEW_SCORE"}) {
    EXPECT_EQ(values(order, "name").size(), 230U) << order;
  }
}

TEST_F(ListTest, FiltersByNumber) {
  const auto numbers = emulator_->channel_nos();
  const json by_channel =
      page({{"searchKeywordType", "CHANNEL_PRODUCT_NO"}, {"channelProductNos", {numbers[3], numbers[5], 1}}});
  EXPECT_EQ(channel_nos(by_channel), (std::vector{numbers[5], numbers[3]}));
  EXPECT_EQ(by_channel.at("totalElements"), 2);
  const std::int64_t origin = emulator_->find(numbers[3])->origin_no;
  EXPECT_EQ(channel_nos(page({{"searchKeywordType", "PRODUCT_NO"}, {"originProductNos", {origin}}})),
            std::vector{numbers[3]});
  const json groups = page({{"size", 500}}).at("contents");
  const auto grouped = std::ranges::find_if(groups, [](const json& entry) { return entry.contains("groupProductNo"); });
  const json by_group =
      page({{"searchKeywordType", "GROUP_PRODUCT_NO"}, {"groupProductNos", {grouped->at("groupProductNo")}}});
  EXPECT_EQ(by_group.at("totalElements"), 2);
}

TEST_F(ListTest, FiltersBySellerCodeWhichCanStandOnTwoProducts) {
  const std::int64_t doubled = emulator_->channel_nos_with(Trait::doubled_seller_code).at(0);
  const json found = page(
      {{"searchKeywordType", "SELLER_CODE"}, {"sellerManagementCode", emulator_->find(doubled)->seller_code.value()}});
  EXPECT_EQ(found.at("totalElements"), 2);
}

TEST_F(ListTest, FiltersByStatus) {
  const json found = page({{"size", 500}, {"productStatusTypes", {"OUTOFSTOCK", "CLOSE"}}});
  EXPECT_GT(found.at("totalElements"), 5);
  for (const json& entry : found.at("contents")) {
    const std::string status = entry.at("channelProducts").at(0).at("statusType");
    EXPECT_TRUE(status == "OUTOFSTOCK" || status == "CLOSE") << status;
  }
}

TEST_F(ListTest, DatesAreDaysInKoreaAndInclusive) {
  // The first product is registered at midnight in Korea, which is still the day before in UTC; 66 pairs follow it on
  // that day, 22 minutes apart.
  const auto count = [&](const char* from, const char* to) {
    return page({{"periodType", "PROD_REG_DAY"}, {"fromDate", from}, {"toDate", to}}).at("totalElements");
  };
  EXPECT_EQ(count("2024-01-01", "2024-01-01"), 132);
  EXPECT_EQ(count("2024-01-01", "2024-01-02"), 230);
  EXPECT_EQ(count("2023-01-01", "2023-12-31"), 0);
  EXPECT_EQ(page({{"fromDate", "2024-01-02"}}).at("totalElements"), 98);
}

TEST_F(ListTest, TheDayOfTheLastChangeFilters) {
  const std::int64_t edited = emulator_->channel_nos().at(10);
  emulator_->edit({.kind = Edit::Kind::set_price, .channel_no = edited, .value = 1});
  EXPECT_EQ(channel_nos(page({{"periodType", "PROD_MOD_DAY"}, {"fromDate", "2026-04-01"}})), std::vector{edited});
}

TEST_F(ListTest, WrongInputIsNamed) {
  EXPECT_EQ(refused({{"size", 501}}), "size");
  EXPECT_EQ(refused({{"size", 0}}), "size");
  EXPECT_EQ(refused({{"page", -1}}), "page");
  EXPECT_EQ(refused({{"page", "1"}}), "page");
  EXPECT_EQ(refused({{"orderType", "NEWEST"}}), "orderType");
  EXPECT_EQ(refused({{"productStatusTypes", {"GONE"}}}), "productStatusTypes");
  EXPECT_EQ(refused({{"searchKeywordType", "NAME"}}), "searchKeywordType");
  EXPECT_EQ(refused({{"searchKeywordType", "SELLER_CODE"}}), "sellerManagementCode");
  EXPECT_EQ(refused({{"searchKeywordType", "PRODUCT_NO"}, {"originProductNos", {"1"}}}), "originProductNos");
  EXPECT_EQ(refused({{"fromDate", "2024-02-30"}}), "fromDate");
  EXPECT_EQ(refused({{"fromDate", "2024-02-02"}, {"toDate", "2024-02-01"}}), "toDate");
  EXPECT_EQ(refused(json::array()), "body");
}

TEST_F(ListTest, ARowTellsWhatTheStoreHolds) {
  const std::int64_t number = emulator_->channel_nos().at(0);
  const auto view = emulator_->find(number).value();
  const json told = row(number);
  EXPECT_EQ(told.at("originProductNo"), view.origin_no);
  EXPECT_EQ(told.at("name"), view.name);
  EXPECT_EQ(told.at("sellerManagementCode"), view.seller_code.value());
  EXPECT_EQ(told.at("statusType"), view.status);
  EXPECT_EQ(told.at("salePrice"), view.price);
  EXPECT_EQ(told.at("stockQuantity"), view.stock);
  EXPECT_EQ(told.at("regDate"), "2024-01-01T00:00:00.000+09:00");
}

TEST_F(ListTest, AProductAddedMeanwhileShiftsLaterPages) {
  const auto before = channel_nos(page({{"size", 20}, {"page", 2}}));
  emulator_->shift_list({.kind = Shift::Kind::add, .after_page = 1, .count = 1});
  const auto first = channel_nos(page({{"size", 20}}));
  const json second = page({{"size", 20}, {"page", 2}});
  EXPECT_EQ(second.at("totalElements"), 231);
  EXPECT_EQ(channel_nos(second).front(), first.back()) << "seen twice";
  EXPECT_EQ(page({{"size", 20}}).at("totalElements"), 231) << "it happens once";
}

TEST_F(ListTest, AProductRemovedMeanwhileHidesAnother) {
  const auto before = channel_nos(page({{"size", 20}, {"page", 2}}));
  emulator_->shift_list({.kind = Shift::Kind::remove, .after_page = 1, .count = 1});
  page({{"size", 20}});
  const auto after = channel_nos(page({{"size", 20}, {"page", 2}}));
  EXPECT_EQ(after.front(), before.at(1)) << "the first row of the page slipped onto the one before";
}

TEST_F(ListTest, AReSortMovesUnseenRowsToThePagesBefore) {
  const std::int64_t oldest = emulator_->channel_nos().front();
  emulator_->shift_list({.kind = Shift::Kind::re_sort, .after_page = 1, .count = 1});
  const auto first = channel_nos(page({{"size", 20}}));
  std::vector<std::int64_t> rest;
  for (int number = 2; number <= 12; ++number) {
    const json read = page({{"size", 20}, {"page", number}});
    EXPECT_EQ(read.at("totalElements"), 230);
    std::ranges::copy(channel_nos(read), std::back_inserter(rest));
  }
  EXPECT_EQ(rest.front(), first.back());
  EXPECT_EQ(std::ranges::count(rest, oldest) + std::ranges::count(first, oldest), 0) << "never seen";
}

TEST_F(ListTest, AHundredThousandProducts) {
  open(small(100'000));
  sign_in();
  const json read = page({{"size", 500}, {"page", 200}});
  EXPECT_EQ(read.at("totalElements"), 100'000);
  EXPECT_EQ(read.at("contents").size(), 500U);
  EXPECT_EQ(read.at("last"), true);
}

}  // namespace
}  // namespace pipeline::emulator
