#include "pipeline/package/documents.h"

#include "sample_post.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace pipeline::package {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// The texts in their order, none of them missing.
testing::AssertionResult in_order(const std::string& text, const std::vector<std::string>& parts) {
  std::size_t at = 0;
  for (const std::string& part : parts) {
    at = text.find(part, at);
    if (at == std::string::npos) return testing::AssertionFailure() << part << " does not follow in\n" << text;
    at += part.size();
  }
  return testing::AssertionSuccess();
}

SamplePackage sample() {
  SamplePackage package(rich_post());
  package.images[2].selected_name.clear();
  package.images[2].duplicate = Duplicate{Duplicate::Kind::nearly_equal, "images/front.jpg", "", 3};
  package.images[1].position_removed = true;
  package.images[0].sha256.fill(0xAB);
  package.images[0].perceptual_hash = 0x1F;
  Picture frame;
  frame.kind = Picture::Kind::keyframe;
  frame.source = "video/clip.mp4";
  frame.at_seconds = 12.34567;
  frame.selected_name = frame.name = "keyframes/01.jpg";
  package.keyframes = {frame};
  EXPECT_TRUE(complete_alt_texts(package.keyframes, package.post, "텀블러").empty());
  package.videos = {{"video/clip.mp4", "h264", 60.04, 1, "the rest of the video is black", true}};
  return package;
}

TEST(ContentHtml, HasAllOfThePostInItsOrder) {
  const std::string html = content_html(sample().content());
  EXPECT_TRUE(in_order(
      html,
      {"<!DOCTYPE html>", "<html lang=\"ko\">", "<meta charset=\"utf-8\">",
       "<title>여름을 함께한 &lt;텀블러&gt; &amp; 보냉 이야기</title>", "<h1>여름을 함께한 &lt;텀블러&gt;",
       "<div class=\"post\">\n<p class=\"disclosure sponsored\">이 글은 업체에서 제품을 제공받아 "
       "작성했습니다.<br>\n구매 시",
       "<h2>첫인상</h2>",
       "<p><span class=\"image-place\" data-image=\"images/01.jpg\">[사진 01: 식탁 위에 놓인 은색 텀블러와 "
       "얼음]</span></p>",
       "뚜껑은 이렇게 <span class=\"image-place\" data-image=\"images/02.jpg\">[사진 02: ", "</span> 열립니다.",
       "rel=\"nofollow sponsored\" target=\"_blank\"",
       "<p><span class=\"image-place\" data-image=\"images/03.jpg\">[사진 03: 보냉 텀블러 500ml 제품 사진 3]",
       "<a href=\"https://smartstore.example.com/p/1001?a=1&amp;b=2\">지금 &quot;할인가&quot;로 보기</a>",
       "자주 묻는 질문", "Q. 식기세척기에", "310g &lt;가볍습니다&gt;", "#텀블러 #보냉 #여름준비물", "</html>\n"}));
  EXPECT_THAT(html, AllOf(Not(HasSubstr("<img")), Not(HasSubstr("<style"))));
}

TEST(ContentHtml, OfABarePostHasNothingEmpty) {
  const SamplePackage package(post_of("<p>글</p>"));
  EXPECT_TRUE(
      in_order(content_html(package.content()), {"</h1>\n<div class=\"post\">\n<div class=\"body\">\n<p>글</p>\n"
                                                 "</div>\n</div>\n</body>\n</html>\n"}));
}

TEST(ContentHtml, MakesNoLinkOfAnAddressThatIsNone) {
  Post post = post_of("");
  post.cta = Post::CallToAction{"보기", "javascript:alert(1)"};
  EXPECT_THAT(content_html(SamplePackage(post).content()),
              AllOf(HasSubstr("<p class=\"cta\">보기</p>"), Not(HasSubstr("javascript"))));
}

TEST(PreviewHtml, ShowsThePicturesAtTheirPlaces) {
  const SamplePackage package = sample();
  const std::string html = preview_html(package.content());
  EXPECT_TRUE(in_order(
      html, {"<style>", "</style>", "POST001", "사진 3장", "<div class=\"post\">\n<p class=\"disclosure sponsored\">",
             "<span class=\"photo\" data-number=\"01\"><img src=\"images/01.jpg\" "
             "alt=\"식탁 위에 놓인 은색 텀블러와 얼음\" width=\"640\" height=\"480\"></span>",
             "뚜껑은 이렇게 <span class=\"photo\" data-number=\"02\">", "src=\"images/03.jpg\"", "자주 묻는 질문"}));
  EXPECT_THAT(html, Not(HasSubstr("image-place")));
}

TEST(MetaJson, TellsWhatTheEditorAsksFor) {
  const std::string text = meta_json(sample().content());
  const json meta = json::parse(text);
  EXPECT_TRUE(in_order(text, {"{\n  \"content_id\": \"POST001\",\n", "title", "products", "tags", "disclosure", "cta",
                              "counts", "images"}));
  EXPECT_TRUE(text.ends_with("}\n"));
  EXPECT_EQ(meta["products"], json::parse(R"([{"sku": "1001", "source": "MY_STORE", "name": "보냉 텀블러 500ml"}])"));
  EXPECT_THAT(meta["tags"], ElementsAre("텀블러", "#보냉", "여름 준비물"));
  EXPECT_EQ(meta["disclosure"]["required"], true);
  EXPECT_EQ(meta["cta"]["url"], "https://smartstore.example.com/p/1001?a=1&b=2");
  EXPECT_EQ(meta["counts"]["images"], 3);
  EXPECT_EQ(meta["images"][0], json::parse(R"({"number": 1, "file": "images/01.jpg", "source": "images/front.jpg",
                                               "alt": "식탁 위에 놓인 은색 텀블러와 얼음", "width": 640, "height": 480})"));
  EXPECT_EQ(json::parse(meta_json(SamplePackage(post_of("")).content()))["cta"], nullptr);
}

TEST(ManifestJson, ListsEveryFileWithSizeAndDigest) {
  ManifestFile file{"images/01.jpg", 5'000'000'000, {}};
  file.sha256.fill(0x0F);
  const json manifest = json::parse(manifest_json("POST001", std::span(&file, 1)));
  EXPECT_EQ(manifest["content_id"], "POST001");
  EXPECT_EQ(manifest["files"][0]["name"], "images/01.jpg");
  EXPECT_EQ(manifest["files"][0]["size"], 5'000'000'000);
  std::string digest;
  for (int i = 0; i < 32; ++i) digest += "0f";
  EXPECT_EQ(manifest["files"][0]["sha256"], digest);
}

TEST(AltTextsJson, NamesWhoWroteEach) {
  const json texts = json::parse(alt_texts_json(sample().content()))["alt_texts"];
  ASSERT_EQ(texts.size(), 3U);  // two pictures and a keyframe: the duplicate is not in the pack
  EXPECT_EQ(texts[0]["file"], "selected_images/01.jpg");
  EXPECT_EQ(texts[0]["by"], "author");
  EXPECT_EQ(texts[2], json::parse(R"({"file": "keyframes/01.jpg", "source": "video/clip.mp4",
                                      "alt": "텀블러 영상 12초 장면", "by": "generated"})"));
}

TEST(UniqueFactsJson, GivesEachFactItsOrigin) {
  const json facts = json::parse(unique_facts_json(sample().content()))["facts"];
  ASSERT_EQ(facts.size(), 5U);
  EXPECT_EQ(facts[0], json::parse(R"({"name": "무게", "value": "310g", "origin": "post.json $.facts.무게"})"));
  EXPECT_EQ(facts[2], json::parse(R"({"name": "name", "value": "보냉 텀블러 500ml", "origin": "products.name",
                                      "sku": "1001", "source": "MY_STORE",
                                      "modified_at": "2026-11-20T09:00:00+09:00"})"));
  EXPECT_EQ(facts[4]["origin"], "products.sale_price");
  EXPECT_EQ(facts[4]["value"], 12900);
}

TEST(UniqueFactsJson, SaysWhereAuthorAndCatalogueDiffer) {
  SamplePackage package(rich_post());
  const auto conflicts = [&] { return json::parse(unique_facts_json(package.content()))["conflicts"]; };
  ASSERT_EQ(conflicts().size(), 1U);
  EXPECT_EQ(conflicts()[0]["author"]["value"], "파도");
  EXPECT_EQ(conflicts()[0]["catalogue"][0]["value"], "물결");
  EXPECT_EQ(conflicts()[0]["catalogue"][0]["origin"], "products.brand");
  package.post.facts = {{"브랜드", "\" 물결\"", "$.facts.브랜드"},
                        {"판매가", "\"12,900원\"", "$.facts.판매가"},
                        {"무게", "[1.5, null]", "$.facts.무게"}};
  EXPECT_TRUE(conflicts().empty());
  package.post.facts[1].value = "13900";
  EXPECT_EQ(conflicts().size(), 1U);
  package.products.push_back(package.products.front());
  package.products.back().sale_price = 13900;
  EXPECT_TRUE(conflicts().empty());  // it is said of the other product
}

TEST(UniquenessReportJson, TellsRulesPicturesAndVideos) {
  const SamplePackage package = sample();
  Content content = package.content();
  content.duplicate_ratio = 1.0 / 3;
  const json report = json::parse(uniqueness_report_json(content));
  for (const json& rule : report["rules"]) EXPECT_EQ(rule["kept"], true) << rule;
  EXPECT_EQ(report["rules"][1],
            json::parse(R"({"rule": "max_duplicate_ratio", "limit": 0.4, "found": 0.333, "kept": true})"));
  EXPECT_EQ(report["counts"],
            json::parse(R"({"images": 3, "selected_images": 2, "keyframes": 1, "selected_keyframes": 1})"));
  const json& first = report["images"][0];
  EXPECT_EQ(first["verdict"], "selected");
  EXPECT_EQ(first["perceptual_hash"], "000000000000001f");
  EXPECT_TRUE(first["sha256"].get<std::string>().starts_with("abab"));
  EXPECT_EQ(report["images"][1]["position_removed"], true);
  EXPECT_EQ(report["images"][2]["verdict"], "duplicate in this post");
  EXPECT_EQ(report["images"][2]["file"], nullptr);
  EXPECT_EQ(report["images"][2]["duplicate"], json::parse(R"({"likeness": "nearly equal", "of": "images/front.jpg",
                                                              "packed_for": null, "distance": 3})"));
  EXPECT_EQ(report["keyframes"][0]["at_seconds"], 12.346);
  EXPECT_EQ(report["videos"][0], json::parse(R"({"source": "video/clip.mp4", "codec": "h264", "duration_seconds": 60.04,
                                                 "keyframes": 1, "shortfall": "the rest of the video is black",
                                                 "timed_out": true})"));
}

TEST(UniquenessReportJson, TellsOfOtherPostsOfBrokenRulesAndOfWhatWasRemoved) {
  SamplePackage package(post_of("<script></script><p onclick=x>a</p><script></script>", {"a.jpg"}));
  package.post.disclosure.required = true;
  package.images[0].duplicate = Duplicate{Duplicate::Kind::equal, "", "POST000", 0};
  package.images[0].selected_name.clear();
  package.images[0].alt = "짧다";
  Content content = package.content();
  content.duplicate_ratio = 1;
  const json report = json::parse(uniqueness_report_json(content));
  for (const json& rule : report["rules"]) EXPECT_EQ(rule["kept"], false) << rule;
  EXPECT_EQ(report["images"][0]["verdict"], "packed for another post");
  EXPECT_EQ(report["images"][0]["duplicate"]["packed_for"], "POST000");
  EXPECT_EQ(report["removed_from_body"],
            json::parse(R"([{"what": "<script>", "count": 2}, {"what": "onclick of <p>", "count": 1}])"));
}

TEST(Documents, AreTheSameBytesForTheSameContent) {
  const SamplePackage a = sample();
  const SamplePackage b = sample();
  for (const auto document :
       {content_html, preview_html, meta_json, alt_texts_json, unique_facts_json, uniqueness_report_json})
    EXPECT_EQ(document(a.content()), document(b.content()));
}

}  // namespace
}  // namespace pipeline::package
