#include "package_stand.h"
#include "support/pictures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

using Reasons = std::vector<std::string>;

// A sound post, and one that breaks rules.
class RejectRun : public testing::Test {
 protected:
  // Builds all; the other post is built whatever this one is like.
  Reasons reasons(const std::string& content_id = "BAD") {
    const Outcome outcome = stand_.run({stand_.posts().string()});
    EXPECT_EQ(outcome.exit_code, 3) << outcome.err;
    const auto summary = summary_of(outcome);
    const auto bad = post_in(summary, content_id);
    EXPECT_EQ(bad["status"], "rejected") << bad;
    EXPECT_TRUE(bad["naver_zip"].is_null());
    EXPECT_TRUE(bad["unique_zip"].is_null());
    EXPECT_THAT(post_in(summary, "GOOD")["status"], AnyOf("built", "unchanged"));
    EXPECT_THAT(names_in(stand_.out()), ElementsAre("naver_GOOD.zip", "unique_GOOD.zip"));
    EXPECT_EQ(stand_.query("SELECT content_id FROM packages"), (SqlRows{{"GOOD"}}));
    for (const std::string reason : bad["reasons"]) EXPECT_THAT(outcome.err, HasSubstr(reason));
    return bad["reasons"];
  }

  PackageStand stand_;
  PostFiles good_ = stand_.post("GOOD", {90, 91});
};

// --- pictures ---

TEST_F(RejectRun, TooFewPictures) {
  (void)stand_.post("BAD", {1});
  EXPECT_THAT(reasons(), ElementsAre(AllOf(HasSubstr("1 picture of its own"), HasSubstr("at least 2"))));
}

TEST_F(RejectRun, ABrokenPictureIsNamedWhicheverWayItIsBroken) {
  const auto post = stand_.post("BAD", {1, 2});
  const std::string whole = small_photo(3);
  post.put("images/short.jpg", std::string_view(whole).substr(0, whole.size() / 2))
      .put("images/empty.png", "")
      .put("images/zeros.jpg", std::string(5000, '\0'))
      .put("images/page.gif", "<!DOCTYPE html><html><body>404</body></html>");
  EXPECT_THAT(reasons(),
              UnorderedElementsAre(HasSubstr("images/short.jpg: is cut short"), HasSubstr("images/empty.png: is empty"),
                                   HasSubstr("images/zeros.jpg: is no picture"), HasSubstr("images/page.gif: is")));
}

TEST_F(RejectRun, TooManyPicturesThatRepeatAnother) {
  const auto post = stand_.post("BAD", {1, 1, 2, 2});
  EXPECT_THAT(reasons(), ElementsAre(AllOf(HasSubstr("2 of 4 pictures are duplicates"), HasSubstr("0.50"))));
  // Saved anew they are not equal any more, and still show the same.
  for (const auto& [name, scene] : {std::pair("images/2.jpg", 1U), std::pair("images/4.jpg", 2U)})
    post.put(name, photo({.seed = scene}, 320, 240, {.quality = 70}));
  EXPECT_THAT(reasons(), ElementsAre(HasSubstr("2 of 4 pictures are duplicates")));
  post.put("images/5.jpg", small_photo(5));
  EXPECT_THAT(stand_.build()["rejected"], 0) << "two of five are as many as may be";
}

TEST_F(RejectRun, TooManyPicturesOfAnotherPost) {
  (void)stand_.post("BAD", {90, 91, 1, 2});
  // Of the posts of this folder BAD comes first.
  (void)stand_.summary({good_.folder().string()});
  EXPECT_THAT(reasons(), ElementsAre(HasSubstr("2 of 4 pictures are duplicates")));
}

// --- texts ---

TEST_F(RejectRun, AltTextsThatBreakARule) {
  auto post = stand_.post("BAD", {1, 2, 3, 4});
  post.json["images"] = {{{"file", "images/1.jpg"}, {"alt", "텀블러"}},
                         {{"file", "images/2.jpg"}, {"alt", "창가에 놓인 파란 텀블러"}},
                         {{"file", "images/3.jpg"}, {"alt", "창가에 놓인 파란 텀블러"}},
                         {{"file", "images/4.jpg"}, {"alt", "텀블러 추천 텀블러 할인 텀블러 선물"}}};
  post.write();
  EXPECT_THAT(reasons(), UnorderedElementsAre(AllOf(HasSubstr("$.images[0].alt"), HasSubstr("3 characters")),
                                              AllOf(HasSubstr("$.images[2].alt"), HasSubstr("images/2.jpg")),
                                              AllOf(HasSubstr("$.images[3].alt"), HasSubstr("keywords"))));
}

TEST_F(RejectRun, EveryFaultOfAPostJsonAtOnceWithItsPlace) {
  auto post = stand_.post("BAD", {1, 2});
  post.json.erase("title");
  post.json["disclosure"] = {{"required", true}};
  post.json["cta"] = {{"text", "사기"}, {"url", "javascript:alert(1)"}};
  post.json["tags"] = "텀블러";
  post.write();
  EXPECT_THAT(reasons(), UnorderedElementsAre(HasSubstr("$.title"), HasSubstr("$.disclosure.text"),
                                              HasSubstr("$.cta.url"), HasSubstr("$.tags")));
}

TEST_F(RejectRun, APostJsonThatIsNoJson) {
  stand_.post("BAD", {1, 2}).put("post.json", "{\n  \"content_id\": BAD");
  EXPECT_THAT(reasons(), ElementsAre(AllOf(HasSubstr("post.json"), HasSubstr("line 2"))));
}

TEST_F(RejectRun, APictureInTheBodyThatThePostDoesNotHave) {
  auto post = stand_.post("BAD", {1, 2});
  post.json["body"] = "<p><img src=\"images/9.jpg\"></p>";
  post.write();
  EXPECT_THAT(reasons(), ElementsAre(AllOf(HasSubstr("$.body"), HasSubstr("images/9.jpg"))));
}

// --- products ---

TEST_F(RejectRun, AProductThatIsUnknownOrGone) {
  (void)stand_.post("BAD", {1, 2}, "4711");
  EXPECT_THAT(reasons(), ElementsAre(AllOf(HasSubstr("$.sku"), HasSubstr("4711"))));
  (void)stand_.post("BAD", {1, 2}, "1005");
  stand_.execute("UPDATE products SET removed_at = 1775000000000 WHERE sku = '1005'");
  EXPECT_THAT(reasons(), ElementsAre(AllOf(HasSubstr("1005"), HasSubstr("was removed from the store on 2026-04-01"))));
}

TEST_F(RejectRun, ASellerCodeThatSeveralProductsHave) {
  auto post = stand_.post("BAD", {1, 2}, "S5");
  stand_.upsert(R"({"sku":"1006","name":"x","sale_price":1,"sellerManagementCode":"S5"})");
  EXPECT_THAT(reasons(), ElementsAre(AllOf(HasSubstr("S5"), HasSubstr("1005"), HasSubstr("1006"))));
  stand_.execute("UPDATE products SET removed_at = 1775000000000 WHERE sku = '1006'");
  EXPECT_EQ(post_in(stand_.build(), "BAD")["sku"], "1005") << "one that is gone is not meant";
}

// --- paths ---

TEST_F(RejectRun, PathsThatLeaveThePost) {
  auto post = stand_.post("BAD", {1, 2});
  const auto outside = stand_.folder() / "outside.jpg";
  fs::copy_file(post / "images/1.jpg", outside);
  post.json["images"] = {{{"file", "../../outside.jpg"}}, {{"file", outside.string()}}};
  post.json["body"] = "../../store.md";
  post.write();
  fs::create_symlink(outside, post / "images/3.jpg");
  EXPECT_THAT(reasons(),
              UnorderedElementsAre(HasSubstr("$.images[0].file"), HasSubstr("$.images[1].file"), HasSubstr("$.body"),
                                   AllOf(HasSubstr("images/3.jpg"), HasSubstr("leaves the post's folder"))));
}

TEST_F(RejectRun, AContentIdThatIsAPath) {
  auto post = stand_.post("BAD", {1, 2});
  post.json["content_id"] = "../../evil";
  post.write();
  EXPECT_THAT(reasons(), ElementsAre(HasSubstr("$.content_id")));
  for (const auto& name : names_in(stand_.folder().path())) EXPECT_EQ(name.find("evil"), std::string::npos) << name;
}

// --- one among others ---

TEST_F(RejectRun, AllReasonsAtOnce) {
  auto post = stand_.post("BAD", {90, 1}, "4711");
  post.json["images"] = {{{"file", "images/2.jpg"}, {"alt", "짧다"}}};
  post.json["body"] = "<p><img src=\"images/9.jpg\"></p>";
  post.write().put("images/3.jpg", "no picture").put("images/4.png", "");
  (void)stand_.summary({good_.folder().string()});
  EXPECT_THAT(reasons(), UnorderedElementsAre(HasSubstr("4711"), HasSubstr("images/9.jpg"), HasSubstr("images/3.jpg: "),
                                              HasSubstr("images/4.png: "), HasSubstr("$.images[0].alt"),
                                              HasSubstr("1 picture of its own"), HasSubstr("1 of 2 pictures")));
}

TEST_F(RejectRun, OfTwoPostsWithOneNameTheFirstIsBuilt) {
  auto second = stand_.post("LATER", {1, 2});
  second.json["content_id"] = "GOOD";
  second.write();
  const auto summary = stand_.build();
  EXPECT_EQ(summary["exit_code"], 3);
  EXPECT_THAT(statuses(summary), ElementsAre("GOOD built", "GOOD rejected"));
  EXPECT_THAT(Reasons(summary["packages"][1]["reasons"]),
              ElementsAre(AllOf(HasSubstr("$.content_id"), HasSubstr(good_.folder().string()))));
  EXPECT_THAT(names_in(stand_.out()), ElementsAre("naver_GOOD.zip", "unique_GOOD.zip"));
}

TEST_F(RejectRun, AnEarlierBuildIsTakenAwayAndItsPicturesAreFree) {
  auto post = stand_.post("BAD", {1, 2, 3});
  EXPECT_EQ(stand_.build()["built"], 2);
  EXPECT_EQ(stand_.value("SELECT count(*) FROM images WHERE content_id = 'BAD'"), "3");
  post.put("images/2.jpg", "no picture any more");
  EXPECT_THAT(stand_.build()["unchanged"], 1);
  EXPECT_THAT(names_in(stand_.out()), ElementsAre("naver_GOOD.zip", "unique_GOOD.zip"));
  EXPECT_EQ(stand_.value("SELECT count(*) FROM images WHERE content_id = 'BAD'"), "0");
  EXPECT_EQ(stand_.value("SELECT count(*) FROM packages WHERE content_id = 'BAD'"), "0");

  (void)stand_.post("NEXT", {1, 4});
  EXPECT_THAT(notes_of(stand_.build(), "NEXT"), IsEmpty());
}

TEST_F(RejectRun, ThePicturesOfARejectedPostAreFreeForThoseBehindItInTheSameRun) {
  const auto post = stand_.post("BAD", {1, 2, 3});
  EXPECT_EQ(stand_.build()["built"], 2);
  auto json = post.json;
  json.erase("title");
  const auto next = stand_.post("NEXT", {1, 4});
  for (const auto& [file, bytes] :
       {std::pair("images/2.jpg", std::string("no picture any more")), std::pair("post.json", json.dump())}) {
    SCOPED_TRACE(file);
    (void)stand_.post("BAD", {1, 2, 3});
    (void)stand_.summary({"--force", post.folder().string()});
    post.put(file, bytes);
    const auto summary = stand_.build({"--force"});
    EXPECT_THAT(statuses(summary), ElementsAre("BAD rejected", "GOOD built", "NEXT built"));
    EXPECT_THAT(notes_of(summary, "NEXT"), IsEmpty());
    fs::remove_all(stand_.out());
    stand_.execute("DELETE FROM packages; DELETE FROM images");
  }
}

TEST_F(RejectRun, AnEarlierBuildIsTakenAwayAlsoWhenThePostCannotBeRead) {
  const auto post = stand_.post("BAD", {1, 2});
  EXPECT_EQ(stand_.build()["built"], 2);
  auto json = post.json;
  json.erase("title");
  post.put("post.json", json.dump());
  EXPECT_EQ(stand_.build()["rejected"], 1);
  EXPECT_THAT(names_in(stand_.out()), ElementsAre("naver_GOOD.zip", "unique_GOOD.zip"));
  EXPECT_EQ(stand_.value("SELECT count(*) FROM images WHERE content_id = 'BAD'"), "0");
}

TEST_F(RejectRun, AFolderWithANameThatIsAnotherPostsDoesNotTouchItsPackages) {
  auto named = stand_.post("ZZZ", {1, 2});
  named.json["content_id"] = "BAD";
  named.write();
  EXPECT_EQ(stand_.build()["built"], 2);
  const auto zips = digests(stand_.out());
  stand_.post("BAD", {}).put("post.json", "no JSON at all");
  const auto summary = stand_.build();
  EXPECT_THAT(statuses(summary), ElementsAre("BAD rejected", "GOOD unchanged", "BAD unchanged"));
  EXPECT_EQ(digests(stand_.out()), zips);
}

}  // namespace
}  // namespace pipeline::test
