#include "live_values.h"

#include "pipeline/package/body.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pipeline::package {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

catalogue::Product product(const std::string& sku, std::int64_t price, std::int64_t stock) {
  catalogue::Product product;
  product.source = "MY_STORE";
  product.sku = sku;
  product.name = "머그컵 <대> & 접시";
  product.sale_price = price;
  product.stock_quantity = stock;
  product.status = "SALE";
  return product;
}

class LiveValuesTest : public testing::Test {
 protected:
  std::string fill(std::string_view text) {
    return LiveValues(products_, names_).fill(text, [&](std::string_view written, std::string objection) {
      objections_.push_back(std::string(written) + " " + objection);
    });
  }

  std::vector<catalogue::Product> products_{product("A-1", 12'900, 7)};
  std::vector<std::string> names_{"A-1"};
  std::vector<std::string> objections_;
};

TEST_F(LiveValuesTest, AreWrittenAsPeopleWriteThem) {
  EXPECT_EQ(fill("지금 {{판매가}}, {{ sale_price }}, {{가격}}"), "지금 12,900원, 12,900원, {{가격}}");
  EXPECT_EQ(fill("{{재고수량}} {{판매상태}} {{SKU}} {{A-1.상품명}}"), "7개 판매중 A-1 머그컵 <대> & 접시");
  products_[0].stock_quantity = 0;
  products_[0].status = "OUTOFSTOCK";
  EXPECT_EQ(fill("{{stock_quantity}}/{{status}}"), "품절/품절");
}

TEST_F(LiveValuesTest, AnUnknownOrEmptyOneIsAFaultWithACure) {
  EXPECT_EQ(fill("{{판매까}} {{할인가}} {{B-2.판매가}}"), "{{판매까}} {{할인가}} {{B-2.판매가}}");
  EXPECT_THAT(objections_,
              ElementsAre(HasSubstr("did you mean {{판매가}}?"), HasSubstr("is empty: the catalogue has no 할인가"),
                          HasSubstr("names B-2, which is no product of the post (A-1)")));
}

TEST_F(LiveValuesTest, OfSeveralProductsEachHasToBeNamed) {
  products_.push_back(product("B.2", 5'000, 1));
  names_.emplace_back("B.2");
  EXPECT_EQ(fill("{{A-1.판매가}} {{B.2.판매가}}"), "12,900원 5,000원");
  EXPECT_EQ(fill("{{판매가}}"), "{{판매가}}");
  EXPECT_THAT(objections_, ElementsAre(HasSubstr("write {{A-1.판매가}}")));
}

TEST_F(LiveValuesTest, MarksOfOtherEditorsAreNone) {
  constexpr std::string_view kOthers = "{{< figure src=\"a.jpg\" >}} {{% note %}} {{#if x}} {{}} {{ a b }} {판매가}";
  EXPECT_EQ(fill(kOthers), kOthers);
  EXPECT_THAT(objections_, IsEmpty());
}

TEST_F(LiveValuesTest, OneThatIsNotClosedIsAFault) {
  EXPECT_EQ(fill("{{판매가}원, {{재고수량}} 남음"), "{{판매가}원, 7개 남음");
  EXPECT_EQ(fill("{{ 판매가 원}} {{sale_price"), "{{ 판매가 원}} {{sale_price");
  EXPECT_THAT(objections_,
              ElementsAre("{{판매가} is not closed: write {{판매가}}", "{{ 판매가 is not closed: write {{판매가}}",
                          "{{sale_price is not closed: write {{sale_price}}"));
}

TEST_F(LiveValuesTest, WithoutProductsTheirNamesStandForThem) {
  products_.clear();
  EXPECT_EQ(fill("{{sale_price}} {{name}}"), "판매가 상품명");
}

class LiveBodyTest : public LiveValuesTest {
 protected:
  Body body_of(std::string text, BodyFormat format) {
    post_.body = std::move(text);
    post_.body_format = format;
    const LiveValues values(products_, names_);
    return make_body(post_, LineBreaks::kept, &values);
  }
  Post post_;
};

TEST_F(LiveBodyTest, AreFilledInTextAndEscapedButNotInCode) {
  EXPECT_EQ(body_of("**{{판매가}}**입니다, {{name}}.\n\n`{{판매가}}`", BodyFormat::markdown).html.front(),
            "<p><strong>12,900원</strong>입니다, 머그컵 &lt;대&gt; &amp; 접시.</p>\n<p><code>{{판매가}}</code></p>\n");
  EXPECT_EQ(body_of("<p>{{판매가}}</p>", BodyFormat::html).html.front(), "<p>12,900원</p>");
  EXPECT_EQ(body_of("값 {{판매가}}", BodyFormat::text).html.front(), "<p>값 12,900원</p>\n");
  EXPECT_THAT(body_of("| 값 |\n|---|\n| {{판매가}} |\n", BodyFormat::markdown).html.front(),
              HasSubstr("<td>12,900원</td>"));
}

TEST_F(LiveBodyTest, OneThatIsNotClosedTakesNothingAlong) {
  const Body body = body_of("값 {{판매가}원\n\n`코드` 뒤 {{재고수량}}\n", BodyFormat::markdown);
  EXPECT_THAT(body.html.front(), HasSubstr("<code>코드</code> 뒤 7개"));
  ASSERT_EQ(body.faults.size(), 1U);
  EXPECT_THAT(body.faults[0].what, HasSubstr("write {{판매가}}"));
}

TEST_F(LiveBodyTest, InAnAddressNoneIsFilledAndNoneStands) {
  for (const std::string body : {"[링크](https://a.example/{{sku}})", "<https://a.example/{{sku}}>",
                                 "https://a.example/{{sku}}", "<a href=\"https://a.example/?p={{판매가}}\">링크</a>"}) {
    const Body made = body_of(body, BodyFormat::markdown);
    ASSERT_EQ(made.faults.size(), 1U) << body;
    EXPECT_THAT(made.faults[0].what, HasSubstr("stands where no value is filled in")) << body;
  }
  const Body titled = body_of("<p title=\"{{판매가}}\">글</p>", BodyFormat::html);
  EXPECT_EQ(titled.html.front(), "<p title=\"12,900원\">글</p>");
  EXPECT_THAT(titled.faults, IsEmpty());
}

TEST_F(LiveBodyTest, AFaultIsToldByFileAndLine) {
  post_.body_file = "body.md";
  post_.body_line = 4;  // behind front matter
  const Body body = body_of("첫 줄\n\n{{판매까}}\n", BodyFormat::markdown);
  ASSERT_EQ(body.faults.size(), 1U);
  EXPECT_EQ(body.faults[0].place, "body.md:6");
  EXPECT_THAT(body.faults[0].what, HasSubstr("{{판매까}} is no value of a product"));
}

TEST(LiveValues, FillAllTextsOfAPost) {
  const std::vector products{product("A-1", 12'900, 7)};
  const std::vector<std::string> names{"A-1"};
  Post post;
  post.title = "{{판매가}}에 샀어요";
  post.disclosure.text = "{{판매가}} 협찬";
  post.cta = {"{{판매가}}에 보기", "https://a.example/{{판매가}}"};
  post.faq = {{"{{판매가}}인가요?", "네, {{없음}}"}};
  post.images = {{"images/a.jpg", "", "{{상품명}} 앞모습", "$.images[0].alt"}};
  post.tags = {"머그컵", "{{브랜드}}"};
  post.facts = {{"가격", "\"{{판매가}}\"", "$.facts.가격"}};
  std::vector<Fault> faults;
  LiveValues(products, names).fill(post, faults);
  EXPECT_EQ(post.title, "12,900원에 샀어요");
  EXPECT_EQ(post.disclosure.text, "12,900원 협찬");
  EXPECT_EQ(post.cta->text, "12,900원에 보기");
  EXPECT_EQ(post.faq[0].question, "12,900원인가요?");
  EXPECT_EQ(post.images[0].alt, "머그컵 <대> & 접시 앞모습");
  std::vector<std::string> places;
  for (const Fault& fault : faults) places.push_back(fault.place);
  EXPECT_THAT(places, ElementsAre("$.faq[0].answer", "$.cta.url", "$.tags[1]", "$.facts.가격"));
}

}  // namespace
}  // namespace pipeline::package
