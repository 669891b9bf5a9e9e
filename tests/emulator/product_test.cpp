#include "emulator/store_fixture.h"

#include <map>

namespace pipeline::emulator {
namespace {

class ProductTest : public StoreTest {
 protected:
  void SetUp() override {
    open();
    sign_in();
  }

  std::int64_t with(Trait trait) { return emulator_->channel_nos_with(trait).at(0); }
  static std::size_t options_of(const json& origin) {
    return origin.at("detailAttribute").at("optionInfo").at("optionCombinations").size();
  }
};

TEST_F(ProductTest, ADetailTellsWhatTheStoreHolds) {
  std::size_t bytes = 0;
  const auto numbers = emulator_->channel_nos();
  for (const std::int64_t number : numbers) {
    const Reply reply = detail(number);
    ASSERT_EQ(reply.status, 200);
    bytes += reply.body.size();
    const json origin = json::parse(reply.body).at("originProduct");
    const auto view = emulator_->find(number).value();
    EXPECT_EQ(origin.at("name"), view.name);
    EXPECT_EQ(origin.at("salePrice"), view.price);
    EXPECT_EQ(origin.at("statusType"), view.status);
    EXPECT_GT(origin.at("detailContent").get<std::string>().size(), 1'000U);
  }
  const std::size_t average = bytes / numbers.size();
  EXPECT_GT(average, 7'000U);
  EXPECT_LT(average, 10'000U);
}

TEST_F(ProductTest, TheSameSeedIsTheSameStore) {
  Options options = small();
  options.volatile_fields = options.moving_keys = false;
  open(options);
  sign_in();
  std::map<std::int64_t, std::string> bodies;
  for (const std::int64_t number : emulator_->channel_nos()) bodies[number] = detail(number).body;
  const std::string list = search().body;
  clock_.advance(1h);
  open(options);
  sign_in();
  EXPECT_EQ(search().body, list);
  for (const auto& [number, body] : bodies) EXPECT_EQ(detail(number).body, body);
  options.seed = 2;
  open(options);
  sign_in();
  EXPECT_NE(search().body, list);
}

TEST_F(ProductTest, EveryTraitIsAmongTheFirstHundred) {
  for (std::size_t trait = 0; trait < kTraits; ++trait) {
    EXPECT_FALSE(emulator_->channel_nos_with(static_cast<Trait>(trait)).empty()) << trait;
  }
}

TEST_F(ProductTest, AwkwardRows) {
  EXPECT_FALSE(row(with(Trait::missing_seller_code)).contains("sellerManagementCode"));
  EXPECT_EQ(row(with(Trait::price_zero)).at("salePrice"), 0);
  EXPECT_GT(with(Trait::wide_numbers), std::int64_t{1} << 53);
  EXPECT_EQ(row(with(Trait::wide_numbers)).at("channelProductNo"), with(Trait::wide_numbers));
  const std::string emoji = row(with(Trait::emoji_name)).at("name");
  EXPECT_NE(emoji.find('\xf0'), std::string::npos) << "a character of four bytes";
  EXPECT_EQ(row(with(Trait::markup_name)).at("name"), emulator_->find(with(Trait::markup_name))->name);

  const json missing = row(with(Trait::missing_fields));
  for (const char* field : {"discountedPrice", "stockQuantity", "modelId", "brandName", "saleStartDate"}) {
    EXPECT_FALSE(missing.contains(field)) << field;
  }
  const json unknown = row(with(Trait::unknown_fields));
  EXPECT_TRUE(unknown.contains("quickDeliveryBadge"));
  EXPECT_EQ(unknown.at("deliveryAttributeType"), "DRONE");
}

TEST_F(ProductTest, AwkwardDetails) {
  EXPECT_EQ(options_of(origin_product(with(Trait::no_options))), 0U);
  EXPECT_EQ(options_of(origin_product(with(Trait::many_options))), 200U);
  EXPECT_TRUE(origin_product(with(Trait::unknown_fields)).contains("sustainability"));
  EXPECT_FALSE(origin_product(with(Trait::missing_fields)).contains("stockQuantity"));
  const json info = origin_product(with(Trait::unmanaged_stock)).at("detailAttribute").at("optionInfo");
  EXPECT_EQ(info.at("useStockManagement"), false);
  EXPECT_EQ(info.at("optionCombinations").at(0).at("stockQuantity"), 9'999);
}

TEST_F(ProductTest, OneOriginProductOnTwoChannels) {
  const auto numbers = emulator_->channel_nos_with(Trait::two_channels);
  const std::int64_t origin = emulator_->find(numbers.at(0))->origin_no;
  EXPECT_EQ(emulator_->find(numbers.at(1))->origin_no, origin);
  EXPECT_EQ(row(numbers[0]).at("channelServiceType"), "STOREFARM");
  EXPECT_EQ(row(numbers[1]).at("channelServiceType"), "WINDOW");
  const json by_channel = json::parse(detail(numbers[1]).body);
  const std::string shown = row(numbers[1]).at("channelProductDisplayStatusType");
  EXPECT_EQ(by_channel.at("windowChannelProduct").at("channelProductDisplayStatusType"), shown);
  EXPECT_NE(by_channel.at("smartstoreChannelProduct").at("channelProductDisplayStatusType"), shown);
  const json by_origin = json::parse(origin_detail(origin).body);
  EXPECT_TRUE(by_origin.contains("windowChannelProduct"));
  EXPECT_TRUE(by_origin.contains("smartstoreChannelProduct"));

  emulator_->remove(numbers[0]);
  EXPECT_EQ(detail(numbers[0]).status, 404);
  EXPECT_EQ(detail(numbers[1]).status, 200);
  emulator_->remove(numbers[1]);
  EXPECT_EQ(origin_detail(origin).status, 404);
}

TEST_F(ProductTest, VolatileFieldsAndKeysThatMove) {
  const std::int64_t counted = with(Trait::volatile_field);
  const json views = origin_product(counted).at("viewCount");
  EXPECT_GT(origin_product(counted).at("viewCount"), views);
  const json recent_views = row(counted).at("recentViewCount");
  EXPECT_GT(row(counted).at("recentViewCount"), recent_views);
  const std::int64_t moving = with(Trait::moving_keys);
  const std::string first = detail(moving).body;
  const std::string second = detail(moving).body;
  EXPECT_NE(first, second);
  EXPECT_EQ(json::parse(first), json::parse(second));
}

TEST_F(ProductTest, AnUnknownProductIsNotFound) {
  for (const char* path : {"/v2/products/channel-products/7", "/v2/products/origin-products/7",
                           "/v2/products/channel-products/99999999999999999999"}) {
    const Reply reply = get(path);
    EXPECT_EQ(reply.status, 404);
    EXPECT_EQ(code(reply), "NOT_FOUND");
  }
}

TEST_F(ProductTest, EditsShowInListAndDetailAndMoveTheDate) {
  const std::int64_t number = emulator_->channel_nos().at(0);
  const std::string before = row(number).at("modifiedDate");
  detail(number);  // so that an old body is cached
  emulator_->edit({.kind = Edit::Kind::set_price, .channel_no = number, .value = 12'345});
  emulator_->edit({.kind = Edit::Kind::set_stock, .channel_no = number, .value = 7});
  emulator_->edit({.kind = Edit::Kind::set_name, .channel_no = number, .text = "새 이름 \"1\""});
  emulator_->edit({.kind = Edit::Kind::set_status, .channel_no = number, .text = "SUSPENSION"});
  emulator_->edit({.kind = Edit::Kind::set_display_status, .channel_no = number, .text = "WAIT"});
  const json told = row(number);
  EXPECT_EQ(told.at("salePrice"), 12'345);
  EXPECT_EQ(told.at("stockQuantity"), 7);
  EXPECT_EQ(told.at("name"), "새 이름 \"1\"");
  EXPECT_EQ(told.at("statusType"), "SUSPENSION");
  EXPECT_EQ(told.at("channelProductDisplayStatusType"), "WAIT");
  EXPECT_GT(told.at("modifiedDate").get<std::string>(), before);
  const json origin = origin_product(number);
  EXPECT_EQ(origin.at("salePrice"), 12'345);
  EXPECT_EQ(origin.at("name"), "새 이름 \"1\"");
}

TEST_F(ProductTest, AnEditCanLeaveTheDateOrTheListBehind) {
  const std::int64_t number = emulator_->channel_nos().at(0);
  const json before = row(number);
  emulator_->edit({.kind = Edit::Kind::set_price,
                   .channel_no = number,
                   .value = 1,
                   .moves_modified_date = false,
                   .shows_in_list = false});
  EXPECT_EQ(row(number), before);
  EXPECT_EQ(origin_product(number).at("salePrice"), 1);
  emulator_->edit({.kind = Edit::Kind::set_stock, .channel_no = number, .value = 3, .moves_modified_date = false});
  EXPECT_EQ(row(number).at("stockQuantity"), 3);
  EXPECT_EQ(row(number).at("modifiedDate"), before.at("modifiedDate"));
  EXPECT_EQ(row(number).at("salePrice"), before.at("salePrice")) << "the hidden edit stays hidden";
}

TEST_F(ProductTest, OptionsAndTextShowInTheDetailOnly) {
  const std::int64_t number = with(Trait::many_options);
  const json before = row(number);
  const auto edit = [&](Edit::Kind kind, std::int64_t value, const std::string& text) {
    emulator_->edit(
        {.kind = kind, .channel_no = number, .value = value, .text = text, .option = 2, .moves_modified_date = false});
  };
  edit(Edit::Kind::set_option_stock, 77, "");
  edit(Edit::Kind::set_option_price, 500, "");
  edit(Edit::Kind::set_detail_text, 0, "<p>새 글</p>");
  edit(Edit::Kind::add_option, 0, "보라");
  json origin = origin_product(number);
  json options = origin.at("detailAttribute").at("optionInfo").at("optionCombinations");
  EXPECT_EQ(options.at(2).at("stockQuantity"), 77);
  EXPECT_EQ(options.at(2).at("price"), 500);
  EXPECT_EQ(options.at(200).at("optionName1"), "보라");
  EXPECT_EQ(origin.at("detailContent"), "<p>새 글</p>");
  const json removed = options.at(2).at("id");
  edit(Edit::Kind::remove_option, 0, "");
  options = origin_product(number).at("detailAttribute").at("optionInfo").at("optionCombinations");
  EXPECT_EQ(options.size(), 200U);
  EXPECT_NE(options.at(2).at("id"), removed);
  EXPECT_EQ(row(number), before);
  EXPECT_EQ(emulator_->find(number)->options, 200U);
}

TEST_F(ProductTest, AddedProductsAreTheNewest) {
  const auto added = emulator_->add_products(3);
  const json first = page({{"size", 3}});
  EXPECT_EQ(first.at("totalElements"), 103);
  EXPECT_EQ(channel_nos(first), (std::vector(added.rbegin(), added.rend())));
  EXPECT_EQ(detail(added.at(0)).status, 200);
}

TEST_F(ProductTest, EditsOfWhatIsNotThereThrow) {
  EXPECT_THROW(emulator_->edit({.kind = Edit::Kind::set_price, .channel_no = 1}), std::invalid_argument);
  EXPECT_THROW(emulator_->edit({.kind = Edit::Kind::remove_option, .channel_no = with(Trait::no_options)}),
               std::invalid_argument);
  EXPECT_THROW(emulator_->remove(1), std::invalid_argument);
}

}  // namespace
}  // namespace pipeline::emulator
