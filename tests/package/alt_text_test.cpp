#include "pipeline/package/alt_text.h"

#include "sample_post.h"
#include "words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

namespace pipeline::package {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

Picture image(std::string source, std::string alt = "") {
  Picture picture;
  picture.source = std::move(source);
  picture.alt_by_author = !alt.empty();
  picture.alt = std::move(alt);
  return picture;
}

Picture keyframe(double at_seconds) {
  Picture picture;
  picture.kind = Picture::Kind::keyframe;
  picture.source = "video/clip.mp4";
  picture.at_seconds = at_seconds;
  return picture;
}

std::vector<std::string> alts_of(const std::vector<Picture>& pictures) {
  std::vector<std::string> alts;
  for (const Picture& picture : pictures) alts.push_back(picture.alt);
  return alts;
}

TEST(AltObjection, CountsCharactersNotBytes) {
  EXPECT_THAT(alt_objection("일곱 글자이다"), HasSubstr("has 7 characters; it needs 8 to 140"));
  EXPECT_EQ(alt_objection("여덟 글자입니다"), "");
  std::string longest;
  for (int i = 0; i < 28; ++i) longest += fmt::format("단어{:02} ", i);
  EXPECT_EQ(alt_objection(longest), "");
  EXPECT_THAT(alt_objection(longest + "x"), HasSubstr("has 141 characters"));
}

TEST(AltObjection, SeesKeywordsWithoutASentence) {
  for (const std::string_view stuffed :
       {"텀블러 보냉 텀블러 대용량 텀블러", "Tumbler tumbler, TUMBLER for sale", "텀블러, 보온병, 물병, 컵, 머그, 스텐",
        "#텀블러 #보온병 #물병 #머그컵 #스텐컵", "컵 컵 컵 컵 컵 컵", "텀블러、보온병、물병、컵、머그、스텐"})
    EXPECT_THAT(alt_objection(stuffed), HasSubstr("list of keywords")) << stuffed;
  for (const std::string_view sentence :
       {"식탁 위에 놓인 은색 텀블러와 얼음이 담긴 컵", "빨강, 파랑, 초록, 노랑 네 가지 색의 컵",
        "The lid of the tumbler on the edge of the table, seen from above", "큰 컵과 더 큰 컵, 그리고 작은 컵"})
    EXPECT_EQ(alt_objection(sentence), "") << sentence;
}

TEST(AltTexts, AreMadeOfNameKindAndPosition) {
  std::vector<Picture> pictures = {image("images/a.jpg"), image("images/b.jpg", "식탁 위에 놓인 은색 텀블러"),
                                   image("images/c.jpg"), keyframe(12.9),
                                   keyframe(12.2),        keyframe(65)};
  EXPECT_THAT(complete_alt_texts(pictures, post_of(""), "[특가] 보냉 텀블러 500ml"), IsEmpty());
  EXPECT_THAT(alts_of(pictures),
              ElementsAre("특가 보냉 텀블러 500ml 제품 사진 1", "식탁 위에 놓인 은색 텀블러",
                          "특가 보냉 텀블러 500ml 제품 사진 3", "특가 보냉 텀블러 500ml 영상 12초 장면",
                          "특가 보냉 텀블러 500ml 영상 12초 장면 (2)", "특가 보냉 텀블러 500ml 영상 1분 5초 장면"));
}

TEST(AltTexts, OfANamelessProductNameThePostElseNothing) {
  std::vector<Picture> pictures = {image("images/a.jpg")};
  EXPECT_THAT(complete_alt_texts(pictures, post_of(""), " ★ "), IsEmpty());
  EXPECT_THAT(alts_of(pictures), ElementsAre("여름을 함께한 텀블러 보냉 이야기 제품 사진 1"));
  Post post = post_of("");
  post.title.clear();
  pictures = {image("images/a.jpg"), keyframe(0)};
  EXPECT_THAT(complete_alt_texts(pictures, post, ""), IsEmpty());
  EXPECT_THAT(alts_of(pictures), ElementsAre("소개하는 제품 사진 1", "소개하는 영상 0초 장면"));
}

TEST(AltTexts, OfTheAuthorAreJudgedAtTheirPlace) {
  Post post = post_of("", {"a.jpg", "b.jpg", "c.jpg", "d.jpg"});
  post.body_file = "body.md";
  post.images[0].alt_place = "$.images[0].alt";
  post.images[2].alt_place = "$.images[1].alt";
  std::vector<Picture> pictures = {image("images/a.jpg", "짧다"), image("images/b.jpg", "식탁 위에 놓인 은색 텀블러"),
                                   image("images/c.jpg", "식탁 위에 놓인 은색 텀블러!"), image("images/d.jpg", "컵")};
  EXPECT_THAT(
      complete_alt_texts(pictures, post, "컵"),
      ElementsAre(
          AllOf(Field(&Fault::place, "$.images[0].alt"),
                Field(&Fault::what, "the alt text of images/a.jpg has 2 characters; it needs 8 to 140")),
          AllOf(Field(&Fault::place, "$.images[1].alt"),
                Field(&Fault::what, "the alt text of images/c.jpg is that of images/b.jpg too; say what is different")),
          AllOf(Field(&Fault::place, "body.md"), Field(&Fault::what, HasSubstr("images/d.jpg has 1 char")))));
  EXPECT_EQ(pictures[0].alt, "짧다");
}

TEST(AltTexts, ThatAreMadeDifferFromThoseOfTheAuthor) {
  std::vector<Picture> pictures = {image("images/a.jpg"), image("images/b.jpg", "보냉 텀블러 제품 사진 1")};
  EXPECT_THAT(complete_alt_texts(pictures, post_of(""), "보냉 텀블러"), IsEmpty());
  EXPECT_EQ(pictures[0].alt, "보냉 텀블러 제품 사진 1 (2)");
}

TEST(AltTexts, KeepTheRulesWhateverTheProductIsCalled) {
  std::mt19937 random(7);
  const std::vector<std::string> words = {"제품", "사진",   "영상",  "장면",  "1",   "2",      "12초", "★",
                                          ",",    "텀블러", "[무료", "배송]", "A/S", "\u1100", "컵",   "(2)"};
  std::vector<std::string> names = {"",        "제품 사진 2", "2 제품 사진", std::string(300, 'x'), "영상 12초 장면",
                                    "\xFF\xFE"};
  for (int i = 0; i < 500; ++i) {
    std::string name;
    for (std::size_t n = random() % 30; n > 0; --n) name += words[random() % words.size()] + (random() % 3 ? " " : "");
    names.push_back(std::move(name));
  }
  for (const std::string& name : names) {
    std::vector<Picture> pictures = {image("a"),   image("b"),     image("c"),     keyframe(0),
                                     keyframe(12), keyframe(12.5), keyframe(12.7), keyframe(3599)};
    EXPECT_THAT(complete_alt_texts(pictures, post_of(""), name), IsEmpty());
    std::set<std::string> different;
    for (const Picture& picture : pictures) {
      EXPECT_EQ(alt_objection(picture.alt), "") << picture.alt;
      EXPECT_FALSE(picture.alt_by_author);
      different.insert(picture.alt);
    }
    EXPECT_EQ(different.size(), pictures.size()) << name;
  }
}

}  // namespace
}  // namespace pipeline::package
