#include "emulator/render.h"

#include "emulator/dates.h"
#include "emulator/json_writer.h"
#include "emulator/random.h"

#include <fmt/core.h>

#include <array>
#include <iterator>

namespace pipeline::emulator {

namespace {

constexpr std::string_view kImages = "https://shop-phinf.pstatic.net/20260301_1";

constexpr std::array<std::string_view, 24> kSentences{
    "매일 쓰는 물건일수록 손에 닿는 느낌이 중요합니다.",
    "두께를 3mm로 유지해 가볍지만 쉽게 휘지 않습니다.",
    "주문하신 다음 날 오후 2시 이전에 출고됩니다.",
    "화면의 색은 모니터에 따라 조금 다르게 보일 수 있습니다.",
    "중성세제로 가볍게 닦은 뒤 그늘에서 말려 주세요.",
    "모서리를 둥글게 다듬어 아이가 있는 집에서도 안심하고 쓰실 수 있습니다.",
    "포장은 재활용할 수 있는 종이만 사용합니다.",
    "크기는 재는 방법에 따라 1~2cm의 오차가 있을 수 있습니다.",
    "선물로 보내실 때에는 주문서에 메시지를 남겨 주세요.",
    "교환과 반품은 받으신 날부터 7일 안에 신청하실 수 있습니다.",
    "국내 공장에서 재단부터 포장까지 한 번에 마칩니다.",
    "겨울에는 따뜻하고 여름에는 시원한 조직으로 짰습니다.",
    "자주 묻는 질문은 아래 표에 모아 두었습니다.",
    "전자레인지에는 넣지 마시고 식기세척기는 사용하실 수 있습니다.",
    "처음 쓰실 때 나는 냄새는 이틀쯤 지나면 사라집니다.",
    "세 가지 크기로 나와 공간에 맞게 고르실 수 있습니다.",
    "KC 인증을 마친 제품이며 시험 성적서를 함께 올려 두었습니다.",
    "무게는 420g으로 한 손으로 들어도 부담이 없습니다.",
    "나뭇결은 제품마다 다르며 이는 불량이 아닙니다.",
    "제주와 도서 산간 지역은 배송비가 더해집니다.",
    "같은 색으로 여러 개를 두면 정돈된 느낌을 줍니다.",
    "물에 오래 담가 두면 수명이 짧아질 수 있습니다.",
    "뒷면의 고리로 벽에 걸어 보관할 수 있습니다.",
    "단체 주문은 문의 게시판에 수량을 남겨 주시면 안내해 드립니다."};
constexpr std::array<std::string_view, 8> kTags{"선물",   "자취필수템", "집들이",   "신혼",
                                                "캠핑용", "당일발송",   "국내제작", "감성소품"};

std::string_view category_id(const Product& product) {
  static constexpr std::array<std::string_view, 4> kIds{"50000804", "50003364", "50007180", "50000940"};
  return kIds[product.index % kIds.size()];
}

std::string_view category_name(const Product& product) {
  static constexpr std::array<std::string_view, 4> kNames{"생활/건강>주방용품>잔/컵>머그",
                                                          "생활/건강>수납/정리용품>수납함", "패션잡화>생활잡화>파우치",
                                                          "가구/인테리어>홈데코>시계>벽시계"};
  return kNames[product.index % kNames.size()];
}

std::int64_t model_id(const Product& product) {
  return 28'000'000'000 + static_cast<std::int64_t>(product.index) * 7;
}

// Another first key for each answer where keys move; else a few rows have an order of their own.
std::size_t rotation(const Product& product, const Restless& restless) {
  if (restless.moving_keys && product.has(Trait::moving_keys)) return restless.answer % 7;
  return product.index % 9 == 4 ? 3 : 0;
}

std::string image_url(const Product& product, std::size_t number) {
  return fmt::format("{}{:02}/{}_{}.jpg", kImages, product.index % 90, product.origin_no, number);
}

void append_image(const Product& product, std::size_t number, std::string& out) {
  ObjectWriter image(out);
  image.text("url", image_url(product, number));
  image.end();
}

void append_seller_tags(const Product& product, std::string& out) {
  ArrayWriter tags(out);
  for (std::size_t i = 0; i < product.index % 5; ++i) {
    const std::size_t tag = (product.index + i * 3) % kTags.size();
    tags.next();
    ObjectWriter entry(out);
    if (tag % 2 == 0) entry.number("code", static_cast<std::int64_t>(11'000 + tag));
    entry.text("text", kTags[tag]);
    entry.end();
  }
  tags.end();
}

void append_row(const Product& product, const ChannelProduct& channel, const Restless& restless, std::string& out) {
  const Facts& facts = product.row();
  const bool whole = !product.has(Trait::missing_fields);
  ObjectWriter row(out, rotation(product, restless));
  row.number("originProductNo", product.origin_no);
  row.number("channelProductNo", channel.no);
  row.text("channelServiceType", channel.window ? "WINDOW" : "STOREFARM");
  row.text("categoryId", category_id(product));
  row.text("name", facts.name);
  if (product.seller_code) row.text("sellerManagementCode", *product.seller_code);
  row.text("statusType", facts.status);
  row.text("channelProductDisplayStatusType", facts.display_status);
  row.number("salePrice", facts.price);
  if (whole) {
    const std::int64_t discounted = discounted_price(product, facts.price).value_or(facts.price);
    row.number("discountedPrice", discounted);
    row.number("mobileDiscountedPrice", discounted);
    row.number("stockQuantity", facts.stock);
  }
  row.boolean("knowledgeShoppingProductRegistration", product.index % 8 != 0);
  row.text("deliveryAttributeType", product.has(Trait::unknown_fields) ? "DRONE" : "NORMAL");
  row.number("deliveryFee", 3000);
  row.number("returnFee", 3000);
  row.number("exchangeFee", 6000);
  if (product.has(Trait::unknown_fields)) {
    row.raw("injectProductNo", "null");
    row.number("multiPurchaseDiscount", 0);
    row.text("multiPurchaseDiscountUnitType", "PERCENT");
    row.number("sellerPurchasePoint", 0);
    row.text("sellerPurchasePointUnitType", "WON");
    row.number("textReviewPoint", 50);
    row.number("freeInterest", 0);
    row.text("gift", "");
  }
  row.number("managerPurchasePoint", facts.price / 100);
  if (whole) {
    row.text("saleStartDate", format_kst(product.reg_date));
    row.text("saleEndDate", format_kst(sale_end(product)));
  }
  row.text("wholeCategoryName", category_name(product));
  row.text("wholeCategoryId", category_id(product));
  row.key("representativeImage");
  append_image(product, 0, out);
  if (whole) {
    row.number("modelId", model_id(product));
    row.text("modelName", fmt::format("모델-{:05}", product.index));
    row.text("brandName", fmt::format("브랜드 {}", product.index % 40));
    row.text("manufacturerName", fmt::format("제조사 {}", product.index % 25));
  }
  row.key("sellerTags");
  append_seller_tags(product, out);
  row.text("regDate", format_kst(product.reg_date));
  row.text("modifiedDate", format_kst(product.modified_date));
  if (product.has(Trait::unknown_fields)) row.raw("quickDeliveryBadge", R"({"grade":"A+","hours":[11,24,null]})");
  if (restless.volatile_fields && product.has(Trait::volatile_field)) {
    row.number("recentViewCount", static_cast<std::int64_t>(restless.answer));
  }
  row.end();
}

std::string detail_html(const Catalogue& catalogue, const Product& product) {
  if (product.edited_text) return *product.edited_text;
  Random random(catalogue.seed() ^ 0xde7a11, product.index);
  std::string html = "<div class=\"se-viewer se-theme-default\" lang=\"ko-KR\">\n";
  const std::uint64_t sections = 3 + random.below(5);
  for (std::uint64_t section = 0; section < sections; ++section) {
    fmt::format_to(std::back_inserter(html),
                   "<div class=\"se-section se-section-image se-l-default\"><img src=\"{}\" alt=\"상세 {}\" "
                   "width=\"860\"></div>\n<div class=\"se-section se-section-text\">",
                   image_url(product, 10 + section), section + 1);
    const std::uint64_t paragraphs = 2 + random.below(3);
    for (std::uint64_t paragraph = 0; paragraph < paragraphs; ++paragraph) {
      html += "<p class=\"se-text-paragraph\" style=\"line-height:1.8;\"><span class=\"se-fs-16\">";
      html += kSentences[random.below(kSentences.size())];
      html += ' ';
      html += kSentences[random.below(kSentences.size())];
      html += "</span></p>";
    }
    html += "</div>\n";
  }
  html += "</div>";
  return html;
}

void append_delivery(const Product& product, std::string& out) {
  ObjectWriter delivery(out);
  delivery.text("deliveryType", "DELIVERY");
  delivery.text("deliveryAttributeType", product.has(Trait::unknown_fields) ? "DRONE" : "NORMAL");
  delivery.text("deliveryCompany", "CJGLS");
  delivery.boolean("deliveryBundleGroupUsable", false);
  delivery.raw(
      "deliveryFee",
      R"({"deliveryFeeType":"CONDITIONAL_FREE","baseFee":3000,"freeConditionalAmount":50000,)"
      R"("deliveryFeePayType":"PREPAID","deliveryFeeByArea":{"deliveryAreaType":"AREA_2","area2extraFee":5000},)"
      R"("differentialFeeByArea":""})");
  delivery.raw("claimDeliveryInfo",
               R"({"returnDeliveryCompanyPriorityType":"PRIMARY","returnDeliveryFee":3000,"exchangeDeliveryFee":6000,)"
               R"("shippingAddressId":100234567,"returnAddressId":100234568,"freeReturnInsuranceYn":false})");
  delivery.boolean("installationFee", false);
  delivery.end();
}

void append_option(const ProductOption& option, std::string& out) {
  ObjectWriter entry(out);
  entry.number("id", option.id);
  entry.text("optionName1", option.name1);
  if (!option.name2.empty()) entry.text("optionName2", option.name2);
  entry.number("stockQuantity", option.stock);
  entry.number("price", option.price);
  entry.boolean("usable", option.usable);
  if (!option.seller_code.empty()) entry.text("sellerManagerCode", option.seller_code);
  entry.end();
}

void append_options(const Catalogue& catalogue, const Product& product, std::string& out) {
  const auto options = catalogue.options(product);
  ObjectWriter info(out);
  info.text("simpleOptionSortType", "CREATE");
  info.raw("optionSimple", "[]");
  info.raw("optionCustom", "[]");
  info.text("optionCombinationSortType", "CREATE");
  if (!options.empty())
    info.raw("optionCombinationGroupNames", R"({"optionGroupName1":"색상","optionGroupName2":"크기"})");
  info.key("optionCombinations");
  ArrayWriter combinations(out);
  for (const ProductOption& option : options) {
    combinations.next();
    append_option(option, out);
  }
  combinations.end();
  if (product.has(Trait::unknown_fields)) {
    info.raw("standardOptionGroups", R"([{"groupName":"색상","standardOptionAttributes":[]}])");
    info.raw("optionStandards", R"([{"id":5,"optionName1":"RED","stockQuantity":3,"usable":true}])");
  }
  info.boolean("useStockManagement", !product.has(Trait::unmanaged_stock));
  info.end();
}

void append_attributes(const Catalogue& catalogue, const Product& product, std::string& out) {
  const bool whole = !product.has(Trait::missing_fields);
  ObjectWriter attributes(out);
  if (whole) {
    attributes.key("naverShoppingSearchInfo");
    ObjectWriter search(out);
    search.number("modelId", model_id(product));
    search.text("modelName", fmt::format("모델-{:05}", product.index));
    search.text("manufacturerName", fmt::format("제조사 {}", product.index % 25));
    search.text("brandName", fmt::format("브랜드 {}", product.index % 40));
    search.end();
  }
  attributes.raw(
      "afterServiceInfo",
      R"({"afterServiceTelephoneNumber":"000-0000-0000","afterServiceGuideContent":"문의 게시판을 이용해 주세요."})");
  attributes.raw("originAreaInfo", R"({"originAreaCode":"00","content":"상세설명에 표시","plural":false})");
  if (product.seller_code) {
    attributes.key("sellerCodeInfo");
    ObjectWriter codes(out);
    codes.text("sellerManagementCode", *product.seller_code);
    codes.end();
  }
  if (whole) {
    attributes.key("optionInfo");
    append_options(catalogue, product, out);
    attributes.raw("supplementProductInfo", R"({"sortType":"CREATE","supplementProducts":[]})");
  }
  attributes.raw("certificationTargetExcludeContent", R"({"kcCertifiedProductExclusionYn":"TRUE"})");
  attributes.text("taxType", "TAX");
  attributes.boolean("minorPurchasable", true);
  attributes.raw(
      "productInfoProvidedNotice",
      R"({"productInfoProvidedNoticeType":"ETC","etc":{"returnCostReason":"상세페이지 참조","noRefundReason":"상세페이지 참조",)"
      R"("qualityAssuranceStandard":"소비자분쟁해결기준에 따름","itemName":"상세페이지 참조"}})");
  if (whole) {
    attributes.key("seoInfo");
    ObjectWriter seo(out);
    seo.text("pageTitle", product.facts.name);
    seo.key("sellerTags");
    append_seller_tags(product, out);
    seo.end();
  }
  attributes.end();
}

void append_origin_product(const Catalogue& catalogue, const Product& product, const Restless& restless,
                           std::string& out) {
  const bool whole = !product.has(Trait::missing_fields);
  const Facts& facts = product.facts;
  ObjectWriter origin(out, rotation(product, restless));
  origin.text("statusType", facts.status);
  origin.text("saleType", product.has(Trait::unknown_fields) ? "SUBSCRIPTION_TRIAL" : "NEW");
  origin.text("leafCategoryId", category_id(product));
  origin.text("name", facts.name);
  origin.text("detailContent", detail_html(catalogue, product));
  origin.key("images");
  ObjectWriter images(out);
  images.key("representativeImage");
  append_image(product, 0, out);
  images.key("optionalImages");
  ArrayWriter optional(out);
  for (std::size_t i = 1; i <= product.index % 6; ++i) {
    optional.next();
    append_image(product, i, out);
  }
  optional.end();
  images.end();
  if (whole) {
    origin.text("saleStartDate", format_kst(product.reg_date));
    origin.text("saleEndDate", format_kst(sale_end(product)));
  }
  origin.number("salePrice", facts.price);
  if (whole) origin.number("stockQuantity", facts.stock);
  origin.key("deliveryInfo");
  append_delivery(product, out);
  origin.key("detailAttribute");
  append_attributes(catalogue, product, out);
  if (whole) {
    origin.key("customerBenefit");
    ObjectWriter benefit(out);
    if (const auto discounted = discounted_price(product, facts.price)) {
      benefit.raw("immediateDiscountPolicy",
                  fmt::format(R"({{"discountMethod":{{"value":{},"unitType":"WON"}}}})", facts.price - *discounted));
    }
    benefit.raw("purchasePointPolicy", R"({"value":1,"unitType":"PERCENT"})");
    benefit.end();
  }
  if (product.has(Trait::unknown_fields)) origin.raw("productLogistics", R"([{"logisticsCompanyId":"x"}])");
  if (product.has(Trait::unknown_fields)) origin.raw("sustainability", R"({"score":7.25,"labels":["재생지",null]})");
  if (restless.volatile_fields && product.has(Trait::volatile_field)) {
    origin.number("viewCount", static_cast<std::int64_t>(restless.answer));
  }
  origin.end();
}

// Of another channel than the one asked for the display status is another.
void append_channel_product(const Product& product, bool asked_for, std::string& out) {
  const std::string& shown = product.facts.display_status;
  ObjectWriter body(out);
  body.text("channelProductName", product.facts.name);
  if (!product.has(Trait::missing_fields)) body.boolean("storeKeepExclusiveProduct", false);
  body.boolean("naverShoppingRegistration", product.index % 8 != 0);
  body.text("channelProductDisplayStatusType", asked_for ? shown : shown == "WAIT" ? "ON" : "WAIT");
  body.end();
}

}  // namespace

std::string render_page(const ListPage& page, const ListQuery& query, const Restless& restless) {
  std::string out;
  constexpr std::size_t kRowSize = 1400;
  out.reserve(page.rows.size() * kRowSize + 300);
  ObjectWriter body(out);
  body.key("contents");
  ArrayWriter contents(out);
  for (const Product* product : page.rows) {
    contents.next();
    ObjectWriter entry(out);
    if (const auto group = group_no(*product)) entry.number("groupProductNo", *group);
    entry.number("originProductNo", product->origin_no);
    if (product->channels.empty() && product->origin_no % 2 == 0) {
      entry.raw("channelProducts", "null");
      entry.end();
      continue;
    }
    entry.key("channelProducts");
    ArrayWriter channels(out);
    for (const ChannelProduct& channel : product->channels) {
      channels.next();
      append_row(*product, channel, restless, out);
    }
    channels.end();
    entry.end();
  }
  contents.end();
  body.number("page", query.page);
  body.number("size", query.size);
  body.number("totalElements", page.total);
  body.number("totalPages", page.pages);
  const auto [order, ascending] = name_of(query.order);
  body.raw("sort", fmt::format(R"({{"sorted":true,"fields":[{{"name":"{}","direction":"{}"}}]}})", order,
                               ascending ? "ASC" : "DESC"));
  body.boolean("first", query.page == 1);
  body.boolean("last", query.page >= page.pages);
  body.end();
  return out;
}

std::string render_detail(const Catalogue& catalogue, const Product& product, const ChannelProduct* channel,
                          const Restless& restless) {
  std::string out;
  constexpr std::size_t kUsualSize = 12'000;
  out.reserve(kUsualSize);
  ObjectWriter body(out);
  if (const auto group = group_no(product)) {
    body.raw("groupProduct", fmt::format(R"({{"groupProductNo":{}}})", *group));
  }
  body.key("originProduct");
  append_origin_product(catalogue, product, restless, out);
  for (const ChannelProduct& each : product.channels) {
    body.key(each.window ? "windowChannelProduct" : "smartstoreChannelProduct");
    append_channel_product(product, channel == nullptr || channel->no == each.no, out);
  }
  body.end();
  return out;
}

}  // namespace pipeline::emulator
