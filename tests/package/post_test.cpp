#include "pipeline/package/post.h"

#include "post_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::package {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST(Post, IsReadWhole) {
  const PostStand stand;
  const PostReading reading = stand.read();
  EXPECT_THAT(PostStand::lines_of(reading), IsEmpty());
  EXPECT_EQ(reading.content_id, "POST001");
  ASSERT_TRUE(reading.post);
  const Post& post = *reading.post;
  EXPECT_EQ(post.folder, stand.folder());
  EXPECT_EQ(post.content_id, "POST001");
  EXPECT_THAT(post.skus, ElementsAre("1000001"));
  EXPECT_EQ(post.title, "사과 한 상자");
  EXPECT_EQ(post.body, "<p>맛있는 사과</p>");
  EXPECT_EQ(post.body_format, BodyFormat::html);
  EXPECT_EQ(post.body_file, "");
  EXPECT_THAT(post.tags, ElementsAre("사과", "과일"));
  EXPECT_TRUE(post.disclosure.required);
  EXPECT_EQ(post.disclosure.text, "광고입니다");
  ASSERT_TRUE(post.cta);
  EXPECT_EQ(post.cta->text, "사러 가기");
  EXPECT_EQ(post.cta->url, "https://example.com/사과?a=1");
  ASSERT_EQ(post.faq.size(), 1U);
  EXPECT_EQ(post.faq[0].question, "언제 와요?");
  EXPECT_EQ(post.faq[0].answer, "내일\n옵니다");
}

TEST(Post, FactsStayInTheAuthorsOrderAsJson) {
  const PostStand stand;
  const PostReading reading = stand.read();
  std::vector<std::string> facts;
  for (const auto& fact : reading.post.value().facts) facts.push_back(fact.place + " " + fact.name + " " + fact.value);
  EXPECT_THAT(facts, ElementsAre("$.facts.무게 무게 \"5kg\"", "$.facts.개수 개수 20", "$.facts.당도 당도 13.5",
                                 "$.facts.국산 국산 true", "$.facts.색 색 [\"빨강\",3]"));
}

TEST(Post, ImagesStandAsListedAndThenByName) {
  const PostStand stand;
  stand.put("images/9.webp", "x");
  const PostReading reading = stand.read();
  std::vector<std::string> images;
  for (const auto& image : reading.post.value().images)
    images.push_back(image.file + "|" + image.alt + "|" + image.alt_place);
  EXPECT_THAT(images, ElementsAre("images/front.png|앞에서 본 사과 상자|$.images[0].alt", "images/10.JPG||",
                                  "images/2.jpg||", "images/9.webp||"));
}

TEST(Post, InputsAreEveryFileThatCounts) {
  PostStand stand;
  stand.json["body"] = "text.md";
  stand.put("text.md", "# 사과");
  stand.put("notes.txt", "of no concern");
  const PostReading reading = stand.read();
  EXPECT_THAT(reading.post.value().inputs,
              ElementsAre(stand / "post.json", stand / "text.md", stand / "images/front.png", stand / "images/10.JPG",
                          stand / "images/2.jpg", stand / "video/clip.mp4"));
  ASSERT_EQ(reading.post->videos.size(), 1U);
  EXPECT_EQ(reading.post->videos[0].file, "video/clip.mp4");
  EXPECT_EQ(reading.post->videos[0].path, stand / "video/clip.mp4");
}

TEST(Post, TheLeastAPostNeeds) {
  const test::TempDir dir;
  std::ofstream(dir / "post.json") << R"({"content_id": "1", "skus": ["a", "b"], "title": "t", "body": "b"})";
  const PostReading reading = read_post(dir.path());
  EXPECT_THAT(PostStand::lines_of(reading), IsEmpty());
  EXPECT_THAT(reading.post.value().skus, ElementsAre("a", "b"));
  EXPECT_FALSE(reading.post->disclosure.required);
  EXPECT_FALSE(reading.post->cta);
  EXPECT_THAT(reading.post->images, IsEmpty());
}

TEST(Post, EveryFaultIsNamedAtOnce) {
  PostStand stand;
  stand.json.erase("title");
  stand.json["sku"] = 1000001;
  stand.json["faq"][0]["answer"] = "";
  stand.json["images"][1]["file"] = "images/none.jpg";
  EXPECT_THAT(stand.faults(),
              UnorderedElementsAre("$.sku: must be a text, not a number; write it in quotes", "$.title: is missing",
                                   "$.faq[0].answer: is empty", "$.images[1].file: images/none.jpg does not exist"));
  EXPECT_FALSE(stand.read().post);  // nobody knows of which product it speaks
}

TEST(Post, WithFaultsItHasWhatCouldBeRead) {
  PostStand stand;
  stand.json.erase("title");
  stand.put("images/\xFF.jpg", "x");
  const PostReading reading = stand.read();
  EXPECT_EQ(reading.faults.size(), 2U);
  ASSERT_TRUE(reading.post);
  EXPECT_EQ(reading.post->images.size(), 3U);
  stand.json.erase("content_id");
  EXPECT_EQ(stand.read().post.value().content_id, stand.folder().filename());
  stand.json["content_id"] = "글";
  EXPECT_FALSE(stand.read().post);
}

TEST(Post, ABodyFileStandsForTheBody) {
  PostStand stand;
  for (const std::string name : {"b.html", "b.HTM", "b.md", "parts/b.markdown"}) {
    stand.put(name, "\xEF\xBB\xBF<p>본문</p>\n");
    stand.json["body"] = name;
    const PostReading reading = stand.read();
    EXPECT_THAT(PostStand::lines_of(reading), IsEmpty());
    EXPECT_EQ(reading.post.value().body, "<p>본문</p>\n");
    EXPECT_EQ(reading.post->body_file, name);
    EXPECT_EQ(reading.post->body_format,
              name.ends_with("md") || name.ends_with("markdown") ? BodyFormat::markdown : BodyFormat::html);
  }
}

TEST(Post, ABodyThatOnlyEndsLikeAFileIsText) {
  PostStand stand;
  for (const std::string text : {"see index.html", "<b>x</b>.md", "line\nindex.html", ".txt", "no dot"}) {
    stand.json["body"] = text;
    const PostReading reading = stand.read();
    EXPECT_THAT(PostStand::lines_of(reading), IsEmpty()) << text;
    EXPECT_EQ(reading.post.value().body, text);
    EXPECT_EQ(reading.post->body_file, "");
  }
}

TEST(Post, FaultsOfABodyFile) {
  PostStand stand;
  stand.json["body"] = "b.html";
  EXPECT_THAT(stand.faults(), ElementsAre("$.body: b.html does not exist"));
  stand.put("b.html", " \n");
  EXPECT_THAT(stand.faults(), ElementsAre("$.body: names b.html, which is empty"));
  stand.put("b.html", std::string("a\0b", 3));
  EXPECT_THAT(stand.faults(), ElementsAre("$.body: names b.html, which has a control character, U+0000"));
  stand.put("b.html", "한글\n글 \xC7\xD1");
  EXPECT_THAT(stand.faults(),
              ElementsAre("$.body: is not UTF-8 at line 2, column 3; save it as UTF-8 (in Notepad: Save As, Encoding: "
                          "UTF-8)"));
  stand.put("b.html", std::string((4U << 20U) + 1, 'x'));
  EXPECT_THAT(stand.faults(), ElementsAre("$.body: is too large, 4,194,305 bytes; at most 4,194,304 are taken"));
}

TEST(Post, AFolderWithoutItsFileHasTheFoldersName) {
  const test::TempDir dir;
  std::filesystem::create_directory(dir / "POST7");
  for (const auto& path : {dir / "POST7", dir / "POST7/", dir / "POST7/.", dir / "other/../POST7"}) {
    if (path.string().find("other") != std::string::npos) std::filesystem::create_directory(dir / "other");
    const PostReading reading = read_post(path);
    EXPECT_EQ(reading.content_id, "POST7") << path;
    EXPECT_THAT(PostStand::lines_of(reading), ElementsAre("post.json: does not exist"));
  }
}

TEST(Post, AFolderThatIsNone) {
  const PostStand stand;
  stand.put("file", "x");
  for (const auto& path : {stand / "none", stand / "file"}) {
    const PostReading reading = read_post(path);
    EXPECT_FALSE(reading.post);
    ASSERT_EQ(reading.faults.size(), 1U);
    EXPECT_EQ(reading.faults[0].place, path.string());
    EXPECT_THAT(reading.faults[0].what, HasSubstr("cannot be read"));
  }
}

TEST(Post, ItsNamesAloneAreThoseOfTheWholePost) {
  PostStand stand;
  const auto expect_same = [&](const std::string& post_json) {
    const PostReading reading = stand.read_text(post_json);
    const PostNames names = read_post_names(stand.folder());
    EXPECT_EQ(names.content_id, reading.content_id) << post_json;
    EXPECT_EQ(names.has_content_id, reading.has_content_id) << post_json;
    EXPECT_EQ(names.skus, reading.skus) << post_json;
  };
  expect_same(stand.json.dump());
  for (const char* text :
       {R"({"content_id": "A", "skus": ["1", "2", "2"]})", R"({"sku": "1"})", R"({"content_id": "글", "sku": "1"})",
        R"({"content_id": "A", "sku": 1})", R"({"content_id": "A", "sku": "1", "skus": ["2"]})", R"({"sku": "1",})",
        R"({"content_id": "A", "sku": "1")", "[]", "null", "", "\xFF"})
    expect_same(text);
}

TEST(Post, TheContentIdOfAPostWithFaultsIsItsOwnWhereItIsSound) {
  PostStand stand;
  stand.json.erase("title");
  EXPECT_EQ(stand.read().content_id, "POST001");
  stand.json["content_id"] = "../POST001";
  EXPECT_EQ(stand.read().content_id, stand.folder().filename().string());
}

}  // namespace
}  // namespace pipeline::package
