#include "pipeline/package/stale_words.h"

#include "pipeline/base/characters.h"

#include "price_words.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::package {
namespace {

using store::OutdatedValue;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kProduct = "MY_STORE:A-1";

OutdatedValue outdated(std::string field, std::string before, std::string after) {
  return {std::string(kProduct), std::move(field), std::move(before), std::move(after), {}};
}

std::vector<catalogue::Product> products(std::int64_t price = 15'500, const std::string& name = "하늘 도자기 머그컵") {
  catalogue::Product product;
  product.source = "MY_STORE";
  product.sku = "A-1";
  product.name = name;
  product.sale_price = price;
  product.stock_quantity = 5;
  return {product};
}

Post post_of(std::string body, BodyFormat format = BodyFormat::markdown) {
  Post post;
  post.title = "제목";
  post.body = std::move(body);
  post.body_file = "body.md";
  post.body_format = format;
  return post;
}

bool is_stale(const std::string& sentence, const std::vector<OutdatedValue>& values) {
  return !find_stale_words(post_of(sentence), values, products(), {}).empty();
}

std::vector<std::int64_t> won_in(std::string_view text) {
  std::vector<std::int64_t> won;
  for (const Price& price : prices_in(to_characters(fold_case(to_half_width(text))))) won.push_back(price.won);
  return won;
}

TEST(PricesIn, AreReadHoweverTheyAreWritten) {
  for (const std::string_view text :
       {"12900",          "12,900",    "12,900원",       "12900원",        "12,900 원",
        "₩12,900",        "￦12,900",  "12,900 KRW",     "KRW 12,900",     "12,900won",
        "1만 2,900원",    "1만2900원", "1만 2천 9백 원", "1만2천9백원",    "만 이천구백 원",
        "일만이천구백원", "1.29만원",  "12.9천원",       "１２，９００원", "12900.00"})
    EXPECT_THAT(won_in(text), ElementsAre(12'900)) << text;
  EXPECT_THAT(won_in("3만원에서 2만 5천원으로"), ElementsAre(30'000, 25'000));
  EXPECT_THAT(won_in("900원"), ElementsAre(900));
  EXPECT_THAT(won_in("2,026원과 2026원"), ElementsAre(2026, 2026));
}

TEST(PricesIn, OtherNumbersAreNone) {
  for (const std::string_view text : {"010-1290-0000",
                                      "02-129-0012900",
                                      "12900mAh",
                                      "12900 mAh",
                                      "12,900개",
                                      "12,900 명",
                                      "2026년",
                                      "2026",
                                      "모델 12900",
                                      "품번: 12900",
                                      "SKU-12900",
                                      "12900-3",
                                      "12.900",
                                      "1,29,00",
                                      "12900mm",
                                      "12900 rpm",
                                      "100%",
                                      "배송비 12,900원",
                                      "12,900원 이상 무료배송",
                                      "조회수 12,900",
                                      "리뷰 12,900",
                                      "3.5인치",
                                      "900",
                                      "00129",
                                      "a12900",
                                      "12900x20",
                                      "12:900",
                                      "999999999999억원",
                                      "99999999999999999999원",
                                      "이천에서 왔습니다",
                                      "만나서 반가워요",
                                      "천 가방",
                                      "백 번",
                                      "@12900",
                                      "#12900",
                                      "12/900"})
    EXPECT_THAT(won_in(text), IsEmpty()) << text;
}

// Sentences that a seller writes, each with one thing that is outdated.
std::vector<std::string> stale_prices() {
  constexpr std::string_view kSpellings[] = {"12900",         "12,900",      "12,900원",   "12900원",
                                             "₩12,900",       "1만 2,900원", "1만2,900원", "만 이천구백 원",
                                             "1만 2천 9백원", "12,900 KRW"};
  constexpr const char* kFrames[] = {"가격은 {}입니다.",
                                     "이 컵은 {}에 샀어요",
                                     "지금 {}으로 만나 보세요!",
                                     "({}) 가격 대비 만족합니다",
                                     "정가 {} / 무료 배송",
                                     "저는 **{}**에 데려왔어요.",
                                     "컵 하나에 {}이면 괜찮죠?",
                                     "두 개 사도 {}의 두 배뿐이에요",
                                     "판매가: {}",
                                     "처음엔 {}이라 망설였는데 써 보니 좋아요",
                                     "\"{}이면 싸다\"고 했어요",
                                     "세일해서 {}, 배송은 이틀 걸렸어요",
                                     "친구가 {}짜리라고 알려 줬어요",
                                     "한 줄 요약: {}의 행복",
                                     "가격이 {}밖에 안 해요",
                                     "총 {} 결제했습니다",
                                     "가격 {}~ 옵션에 따라 다름",
                                     "| {} |",
                                     "- {} (2026년 5월 기준)",
                                     "가성비로는 {}이 최고"};
  std::vector<std::string> sentences;
  for (const auto* const frame : kFrames)
    for (const auto spelling : kSpellings) sentences.push_back(fmt::format(fmt::runtime(frame), spelling));
  return sentences;
}

std::vector<std::string> stale_names() {
  std::vector<std::string> sentences;
  for (const std::string_view particle :
       {"",     "은",   "이",   "을",     "과",     "의",     "에",     "으로", "도",   "만",
        "까지", "처럼", "보다", "이라는", "입니다", "이에요", "에서는", "이나", "조차", "인데요"}) {
    sentences.push_back(fmt::format("오늘의 주인공 푸른 도자기 머그컵{} 이야기", particle));
    sentences.push_back(fmt::format("<b>푸른 도자기  머그컵</b>{}, 하나", particle));
  }
  return sentences;
}

std::vector<std::string> other_prices() {
  constexpr const char* kFrames[] = {"가격은 {}입니다.", "택배비까지 {}을 냈어요", "다른 가게는 {}이에요",
                                     "지난번 컵은 {}이었죠", "{} 쿠폰을 썼어요"};
  std::vector<std::string> sentences;
  for (const auto* const frame : kFrames)
    for (const std::string_view price : {"12,901원", "1만 2,800원", "129,000원", "1,290원", "15,500원", "만 삼천 원",
                                         "12,90원", "112,900원", "₩12,990", "2만 2,900원", "12만 900원", "1,2900원"})
      sentences.push_back(fmt::format(fmt::runtime(frame), price));
  return sentences;
}

std::vector<std::string> other_numbers() {
  return {"문의는 010-1290-0129로 주세요",
          "전화 02-12900-1234",
          "모델명 CUP-12900입니다",
          "상품번호 12900을 검색하세요",
          "2026년 11월 27일에 샀어요",
          "배터리는 12900mAh입니다",
          "배터리 12,900 mAh로 넉넉해요",
          "지금까지 12,900개가 팔렸어요",
          "회원 12,900명이 골랐어요",
          "리뷰 12,900개를 읽었어요",
          "조회수 12,900을 넘었어요",
          "좋아요 12,900",
          "크기는 12900mm입니다",
          "12900x300 크기",
          "주소는 https://shop.example/12900?price=12900 입니다",
          "[가게](https://shop.example/products/12900)에서 샀어요",
          "<img src=\"images/a.jpg\" alt=\"컵\" width=\"12900\">",
          "<!-- 옛 가격 12,900원 -->",
          "배송비 12,900원 별도",
          "12,900원 이상 사면 무료 배송",
          "12,900원 적립해 드려요",
          "우편번호 12900",
          "송장 12900-3345",
          "12900번째 손님",
          "12,900 rpm의 모터",
          "1:12900 축척",
          "버전 1.12900",
          "#12900 색상",
          "12.900%",
          "계좌 12900-01-223344",
          "12900회 세척 시험을 했어요",
          "해발 12,900미터",
          "주문번호: 12900",
          "무게 12900g",
          "용량 12,900ml",
          "12900시간 켜 두었어요",
          "12,900km를 날아왔어요",
          "가격은 그때그때 달라요",
          "만 이천 년 전 도자기",
          "천구백 년대의 도자기",
          "이천구백 번 구웠어요",
          "이 컵은 이천에서 만들었어요",
          "하늘 도자기 머그컵은 새 이름이에요",
          "푸른 도자기가 좋아요",
          "푸른 머그컵",
          "도자기 머그컵",
          "푸른 도자기 머그컵걸이는 따로 팔아요",
          "하푸른 도자기 머그컵",
          "재고가 넉넉합니다",
          "크기는 7센티입니다",
          "재고 17개",
          "7월에 재고가 들어와요",
          "컵 7개를 씻었어요",
          "품절되기 전에 담으세요",
          "품절 임박!",
          "품절될 수 있어요",
          "매진 전에 서두르세요",
          "12,900.5점을 받았어요",
          "점수는 12,900점",
          "12900호점 개점"};
}

const std::vector<OutdatedValue>& all_values() {
  static const std::vector<OutdatedValue> values{outdated("sale_price", "12900", "15500"),
                                                 outdated("name", "\"푸른 도자기 머그컵\"", "\"하늘 도자기 머그컵\""),
                                                 outdated("stock_quantity", "7", "5")};
  return values;
}

// What a set of sentences comes to, and which of them are wrong.
double share_stale(const std::vector<std::string>& sentences, bool expected) {
  std::size_t stale = 0;
  for (const std::string& sentence : sentences) {
    const bool found = is_stale(sentence, all_values());
    stale += found ? 1 : 0;
    if (found != expected) std::printf("%s: %s\n", expected ? "missed" : "false", sentence.c_str());
  }
  return static_cast<double>(stale) / static_cast<double>(sentences.size());
}

TEST(StaleWords, OfAMadeSetNearlyAllAreFoundAndHardlyAnyFalsely) {
  auto stale = stale_prices();
  for (auto& sentence : stale_names()) stale.push_back(std::move(sentence));
  for (const char* sentence :
       {"재고 7개 남았어요", "남은 수량은 7개!", "한정 7개", "딱 7점 남았어요, 재고가", "잔여 7 세트"})
    stale.emplace_back(sentence);
  auto fresh = other_prices();
  for (auto& sentence : other_numbers()) fresh.push_back(std::move(sentence));
  EXPECT_GE(stale.size() + fresh.size(), 350U);
  EXPECT_GE(share_stale(stale, true), 0.98);
  EXPECT_LE(share_stale(fresh, false), 0.01);
}

// Written by somebody who had not seen the code. The first column says what is outdated in the second: the price, the
// name, the stock, an option; `fresh`: nothing, though it may look so.
TEST(StaleWords, OfSentencesWrittenByAnotherLikewise) {
  const std::vector values{outdated("sale_price", "28500", "31000"),
                           outdated("name", "\"무선 고속 충전 거치대\"", "\"무선 고속 충전 스탠드 2세대\""),
                           outdated("stock_quantity", "13", "4"),
                           outdated("originProduct.detailAttribute.optionInfo.optionCombinations[0].optionName1",
                                    "\"민트 그린\"", "\"세이지 그린\"")};
  const auto now = products(31'000, "무선 고속 충전 스탠드 2세대");
  double stale = 0;
  double stale_found = 0;
  double fresh = 0;
  double fresh_found = 0;
  std::ifstream file(STALE_SENTENCES);
  for (std::string line; std::getline(file, line);) {
    const auto tab = line.find('\t');
    const bool is_fresh = line.substr(0, tab) == "fresh";
    const bool found = !find_stale_words(post_of(line.substr(tab + 1)), values, now, {}).empty();
    (is_fresh ? fresh : stale) += 1;
    if (found) (is_fresh ? fresh_found : stale_found) += 1;
    if (found == is_fresh) std::printf("%s: %s\n", is_fresh ? "false" : "missed", line.c_str());
  }
  EXPECT_EQ(stale, 240);
  EXPECT_EQ(fresh, 180);
  EXPECT_GE(stale_found / stale, 0.98);
  EXPECT_LE(fresh_found / fresh, 0.01);
}

TEST(StaleWords, AreToldByFileLineAndSentence) {
  Post post = post_of("첫 줄\n\n좋아요. 가격은 12,900원입니다. 끝.\n<!-- 12,900원\n-->\n## 푸른 도자기 머그컵\n");
  post.title = "12,900원 머그컵";
  post.body_line = 3;
  post.faq = {{"얼마인가요?", "만 이천구백 원이에요"}};
  post.cta = {"12,900원에 보기", "https://a.example"};
  const auto words = find_stale_words(post, all_values(), products(), {});
  std::vector<std::string> told;
  for (const auto& word : words)
    told.push_back(fmt::format("{}|{}|{}|{}", word.place, word.before, word.after, word.sentence));
  EXPECT_THAT(told, ElementsAre("$.title|12,900원|15,500원|12,900원 머그컵",
                                "body.md:5|12,900원|15,500원|가격은 12,900원입니다.",
                                "body.md:8|푸른 도자기 머그컵|하늘 도자기 머그컵|푸른 도자기 머그컵",
                                "$.cta.text|12,900원|15,500원|12,900원에 보기",
                                "$.faq[0].answer|12,900원|15,500원|만 이천구백 원이에요"));
}

TEST(StaleWords, ThatAreKeptAreNotTold) {
  const std::vector<std::string> kept{"작년에는  12,900원이었"};
  EXPECT_THAT(find_stale_words(post_of("작년에는 12,900원이었습니다."), all_values(), products(), kept), IsEmpty());
  EXPECT_EQ(find_stale_words(post_of("올해도 12,900원입니다."), all_values(), products(), kept).size(), 1U);
}

TEST(StaleWords, WhatAnotherProductOfThePostCostsIsNoOldPrice) {
  auto two = products();
  two.push_back(two.front());
  two.back().sku = "B-2";
  two.back().sale_price = 12'900;
  EXPECT_THAT(find_stale_words(post_of("접시는 12,900원"), all_values(), two, {}), IsEmpty());
}

TEST(StaleWords, ANewNameThatHoldsTheOldOneIsNotStale) {
  const std::vector values{outdated("name", "\"머그컵\"", "\"머그컵 2세트\"")};
  const auto now = products(1000, "머그컵 2세트");
  EXPECT_THAT(find_stale_words(post_of("머그컵 2세트를 샀어요"), values, now, {}), IsEmpty());
  EXPECT_EQ(find_stale_words(post_of("머그컵을 샀어요"), values, now, {}).size(), 1U);
}

TEST(StaleWords, SoldOutIsStaleWhenItIsToBeHadAgain) {
  const std::vector again{outdated("stock_quantity", "0", "5")};
  EXPECT_TRUE(is_stale("지금은 품절입니다", again));
  EXPECT_TRUE(is_stale("아쉽게도 매진이에요", again));
  EXPECT_FALSE(is_stale("품절되기 전에 담으세요", again));
  EXPECT_TRUE(is_stale("품절이라 다음에", {outdated("status", "\"OUTOFSTOCK\"", "\"SALE\"")}));
}

TEST(StaleWords, AnOptionsOldNameIsFound) {
  const std::vector values{
      outdated("originProduct.detailAttribute.optionInfo.optionCombinations[7].optionName1", "\"진분홍\"", "\"코랄\"")};
  EXPECT_TRUE(is_stale("진분홍이 제일 예뻐요", values));
  EXPECT_FALSE(is_stale("코랄이 제일 예뻐요", values));
}

TEST(StaleWords, FactsThatTheCatalogueContradictsAreTold) {
  Post post = post_of("글");
  post.facts = {{"판매가", "99000", "$.facts.판매가"},
                {"상품명", "\"하늘 도자기 머그컵\"", "$.facts.상품명"},
                {"무게", "\"300g\"", "$.facts.무게"}};
  const auto words = contradicted_facts(post, products(), {});
  ASSERT_EQ(words.size(), 1U);
  EXPECT_EQ(words[0].place, "$.facts.판매가");
  EXPECT_EQ(words[0].before, "99,000원");
  EXPECT_EQ(words[0].after, "15,500원");
}

}  // namespace
}  // namespace pipeline::package
