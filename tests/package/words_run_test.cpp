#include "pipeline/base/characters.h"

#include "package_stand.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace fs = std::filesystem;

// Posts as people write them, through the real executable.
namespace pipeline::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

// Of "도자기", the four ways the disk may have it.
const std::string kComposed = "앞모습.jpg";
const std::string kDecomposed = "\u110B\u1161\u11C1\u1106\u1169\u1109\u1173\u11B8.jpg";

class WordsRun : public testing::Test {
 protected:
  // A post with the pictures images/1.jpg and images/2.jpg and a body file.
  PostFiles post(const std::string& name, const std::string& body) {
    PostFiles post = stand_.post("P", {1, 2});
    post.put(name, body);
    post.json["body"] = name;
    post.write();
    return post;
  }

  std::string content_of(const std::string& content_id = "P") {
    const auto folder = stand_.unpack(stand_.naver(content_id));
    return read_file(folder / "content.html");
  }

  PackageStand stand_;
};

TEST_F(WordsRun, FrontMatterTellsTitleAndTagsAndIsNotPublished) {
  const auto post = this->post("body.md",
                               "---\ntitle: \"머그컵: 소개\"\ntags:\n  - 머그컵\n  - '#선물'\nother: {a: [1]}\n"
                               "---\n\n# 머그컵\n\n본문입니다.\n");
  PostFiles changed = post;
  changed.json.erase("title");
  changed.write();
  const auto summary = stand_.build();
  EXPECT_THAT(statuses(summary), ElementsAre("P built")) << summary;
  EXPECT_THAT(notes_of(summary, "P"), IsEmpty());
  const std::string content = content_of();
  EXPECT_THAT(content, AllOf(HasSubstr("<h1>머그컵: 소개</h1>"), HasSubstr("#머그컵 #선물"), Not(HasSubstr("other")),
                             Not(HasSubstr("<hr>"))));
}

TEST_F(WordsRun, PostJsonCountsBeforeFrontMatter) {
  auto post = this->post("body.md", "---\ntitle: 다른 제목\ntags: a, b\n---\n본문\n");
  post.json["tags"] = {"태그"};
  post.write();
  EXPECT_THAT(statuses(stand_.build()), ElementsAre("P built"));
  EXPECT_THAT(content_of(), AllOf(Not(HasSubstr("다른 제목")), HasSubstr("#태그"), Not(HasSubstr("#a"))));
}

TEST_F(WordsRun, FrontMatterThatIsNoneOrBrokenIsToldApart) {
  (void)post("body.md", "---\n본문 사이의 줄\n---\n글\n");
  EXPECT_THAT(statuses(stand_.build()), ElementsAre("P built"));
  EXPECT_THAT(content_of(), HasSubstr("본문 사이의 줄"));
  (void)post("body.md", "---\ntitle: [머그\n---\n글\n");
  auto summary = stand_.build();
  EXPECT_THAT(notes_of(summary, "P"), ElementsAre(AllOf(HasSubstr("body.md has front matter that is no YAML"))));
  (void)post("body.md", "+++\ntitle = 'x'\n+++\n글\n");
  summary = stand_.build();
  EXPECT_THAT(notes_of(summary, "P"), ElementsAre(HasSubstr("TOML")));
  EXPECT_THAT(content_of(), Not(HasSubstr("+++")));
}

TEST_F(WordsRun, FrontMatterThatCannotBeReadGivesNoHalfTitle) {
  auto post = this->post("body.md", "---\ntitle: 머그컵: 소개\ntags: [a]\n---\n본문\n");
  post.json.erase("title");
  post.write();
  const auto summary = stand_.build();
  EXPECT_THAT(reasons_of(summary, "P"), ElementsAre("$.title: is missing"));
  EXPECT_THAT(notes_of(summary, "P"), ElementsAre(HasSubstr("no YAML (line 2: ")));
}

TEST_F(WordsRun, FrontMatterWithoutItsEndOrInJsonIsTold) {
  (void)post("body.md", "---\ntitle: 머그컵\n\n본문\n");
  auto summary = stand_.build();
  EXPECT_THAT(notes_of(summary, "P"), ElementsAre(HasSubstr("begins as front matter does, and no line --- ends it")));
  (void)post("body.md", "{\n  \"title\": \"x\",\n  \"tags\": [\"a\"]\n}\n\n본문\n");
  summary = stand_.build();
  EXPECT_THAT(notes_of(summary, "P"), ElementsAre(HasSubstr("front matter in JSON")));
  EXPECT_THAT(content_of(), AllOf(HasSubstr("본문"), Not(HasSubstr("tags"))));
  (void)post("body.md", "{중괄호로 시작하는 글\n}\n본문\n");
  EXPECT_THAT(notes_of(stand_.build(), "P"), IsEmpty());
}

TEST_F(WordsRun, ABodyWithoutWordsIsTold) {
  (void)post("body.md", "---\ntitle: x\n---\n \n");
  EXPECT_THAT(reasons_of(stand_.build(), "P"),
              ElementsAre("$.body: names body.md, which has nothing behind its front matter"));
  for (const char* const text : {"<!-- 나중에 -->\n", "&nbsp;\n\n<script>x</script>\n"}) {
    (void)post("body.md", text);
    const auto summary = stand_.build({"--force"});
    EXPECT_THAT(notes_of(summary, "P"), ElementsAre(HasSubstr("body.md has neither words nor a picture's place in it")))
        << text;
  }
  (void)post("body.md", "![](images/1.jpg)\n");
  EXPECT_THAT(notes_of(stand_.build({"--force"}), "P"), IsEmpty()) << "a picture says something";
}

// Of Obsidian, velog, Pandoc: nothing of it stands in the text unsaid.
TEST_F(WordsRun, MarksOfOtherEditorsAreLeftOutOrTold) {
  (void)post("body.md",
             "@[youtube](dQw4w9WgXcQ)\n\n문단입니다 ^block-1\n\nH~2~O, x^2^, $e^x$, 10~20~30개, $5에서 $10까지\n\n"
             "![[1.jpg#center]]\n");
  const auto summary = stand_.build();
  EXPECT_THAT(statuses(summary), ElementsAre("P built")) << summary;
  EXPECT_THAT(notes_of(summary, "P"),
              UnorderedElementsAre(HasSubstr("body.md has @[youtube](dQw4w9WgXcQ), a mark of its editor"),
                                   HasSubstr("has ^id standing in its text"), HasSubstr("has ~ ~ standing"),
                                   HasSubstr("has ^ ^ standing"), HasSubstr("has $ $ standing")));
  EXPECT_THAT(content_of(), AllOf(Not(HasSubstr("youtube")), HasSubstr("data-image=\"images/01.jpg\"")));
}

TEST_F(WordsRun, AFileIsFoundByItsNameHoweverItIsSpelled) {
  for (const auto& [on_disk, written] : {std::pair(kDecomposed, kComposed), std::pair(kComposed, kDecomposed)}) {
    auto post = stand_.post("P", {1, 2});
    post.put("images/" + on_disk, small_photo(3)).put(on_disk.substr(0, on_disk.size() - 4) + ".MD", "본문\n");
    post.json["images"] = {{{"file", "Images/" + written}, {"alt", "도자기 머그컵의 앞모습"}}};
    post.json["body"] = written.substr(0, written.size() - 4) + ".md";
    post.write();
    const auto summary = stand_.build({"--force"});
    EXPECT_THAT(statuses(summary), ElementsAre("P built")) << summary;
    EXPECT_EQ(post_in(summary, "P")["images"], 3);
    EXPECT_THAT(content_of(), HasSubstr("도자기 머그컵의 앞모습"));
    fs::remove_all(post.folder());
  }
}

TEST_F(WordsRun, ABodyThatIsNoFileIsRefusedWithWhatIsMeant) {
  const auto refusal = [&](const std::string& body) {
    auto post = stand_.post("P", {1, 2});
    post.put("body.html", "<p>글</p>").put("본문.docx", "PK");
    post.json["body"] = body;
    post.write();
    const auto summary = stand_.build();
    EXPECT_THAT(statuses(summary), ElementsAre("P rejected")) << body;
    return reasons_of(summary, "P");
  };
  EXPECT_THAT(refusal("body.htlm"),
              ElementsAre(AllOf(HasSubstr("$.body: body.htlm"), HasSubstr("did you mean body.html"))));
  EXPECT_THAT(refusal("body.txt"), ElementsAre(AllOf(HasSubstr("does not exist"), HasSubstr("body.html"))));
  EXPECT_THAT(refusal("본문.docx"), ElementsAre(AllOf(HasSubstr("Word"), HasSubstr("Save As"))));
  EXPECT_THAT(refusal("우리 글 최종.hwp"), ElementsAre(HasSubstr("HWP")));
  EXPECT_THAT(refusal("body .html"), ElementsAre(HasSubstr("body .html is no file: did you mean body.html?")));
  EXPECT_THAT(refusal("body"), ElementsAre(HasSubstr("body is no file: did you mean body.html?")));
  EXPECT_THAT(refusal("/home/kim/body"), ElementsAre(HasSubstr("is no file that a body is read from")));
  EXPECT_THAT(refusal("https://blog.example/body.html"), ElementsAre(HasSubstr("is an address: a body is the text")));
}

TEST_F(WordsRun, ATextFileIsTakenAsTyped) {
  (void)post("본문 1.txt", "\xEF\xBB\xBF첫 줄\r\n둘째 줄\r\n\r\n셋째 <3\r\n");
  const auto summary = stand_.build();
  EXPECT_THAT(statuses(summary), ElementsAre("P built")) << summary;
  EXPECT_THAT(content_of(), HasSubstr("<p>첫 줄<br>\n둘째 줄</p>\n<p>셋째 &lt;3</p>"));
}

TEST_F(WordsRun, LinesOfMarkdownAreKeptUnlessBreaksAreStrict) {
  (void)post("body.md", "첫 줄\n둘째 줄\n");
  EXPECT_THAT(statuses(stand_.build()), ElementsAre("P built"));
  EXPECT_THAT(content_of(), HasSubstr("<p>첫 줄<br>\n둘째 줄</p>"));
  EXPECT_THAT(statuses(stand_.build({"--strict-breaks"})), ElementsAre("P built")) << "it changes what is built";
  EXPECT_THAT(content_of(), HasSubstr("<p>첫 줄\n둘째 줄</p>"));
}

TEST_F(WordsRun, MarkupInTheTextIsNeverPublishedUnsaid) {
  (void)post("body.md",
             "첫 문단 **강조 **\n\n[##_Image|kage@AbC/img.png|CDM|1.3|{\"originWidth\":800}_##]\n\n![[없는 노트]]\n");
  const auto summary = stand_.build();
  EXPECT_THAT(statuses(summary), ElementsAre("P built")) << summary;
  EXPECT_THAT(notes_of(summary, "P"),
              UnorderedElementsAre(HasSubstr("body.md embeds ![[없는 노트]]"), HasSubstr("body.md has [##_Image|…_##]"),
                                   HasSubstr("body.md has ** standing")));
  EXPECT_THAT(content_of(), Not(HasSubstr("##_")));
}

TEST_F(WordsRun, PostJsonOfNotepadIsTakenOrNamedWithTheCure) {
  const auto post = stand_.post("P", {1, 2});
  const auto build = [&](std::string_view text) {
    post.put("post.json", text);
    return stand_.build({"--force"});
  };
  auto summary = build(
      "\xEF\xBB\xBF{\r\n  \"content_id\": \"P\",\r\n  \"sku\": \"1001\",\r\n  \"title\": \"제목\",\r\n"
      "  \"body\": \"<p>본문</p>\",\r\n  \"tags\": [\"a\",],\r\n}\r\n");
  EXPECT_THAT(statuses(summary), ElementsAre("P built")) << summary;
  EXPECT_THAT(notes_of(summary, "P"), ElementsAre(HasSubstr("a comma too many at line 6, column 15"),
                                                  HasSubstr("a comma too many at line 6, column 17")));
  summary = build("{“content_id”:\"P\",\"sku\":\"1001\",\"title\":\"제목\",\"body\":\"<p>본문</p>\"}");
  EXPECT_THAT(reasons_of(summary, "P"),
              Contains(AllOf(HasSubstr("line 1, column 2"), HasSubstr("“"), HasSubstr("straight \""))));
  summary = build("{\n\"content_id\":\"P\",\n\"title\": \"제목”,\n\"body\": \"x\"}");
  EXPECT_THAT(reasons_of(summary, "P"), Contains(AllOf(HasSubstr("line 3, column 13"), HasSubstr("”"))));
  summary = build("{\"content_id\":\"P\",\"title\":\"\xC1\xA6\xB8\xF1\"}");  // 제목 in CP949
  EXPECT_THAT(reasons_of(summary, "P"),
              Contains(AllOf(HasSubstr("line 1, column 28"), HasSubstr("CP949"), HasSubstr("Notepad"))));
}

TEST_F(WordsRun, WithoutAContentIdTheFoldersNameIsIt) {
  auto post = stand_.post("POST-7", {1, 2});
  post.json.erase("content_id");
  post.write();
  auto korean = stand_.post("머그컵 소개 2", {3, 4});
  korean.json.erase("content_id");
  korean.write();
  const auto summary = stand_.build();
  ASSERT_EQ(summary["built"], 2) << summary;
  EXPECT_THAT(notes_of(summary, "POST-7"), ElementsAre(HasSubstr("post.json has no content_id: POST-7")));
  const std::string id = summary["packages"][1]["content_id"] == "POST-7" ? summary["packages"][0]["content_id"]
                                                                          : summary["packages"][1]["content_id"];
  EXPECT_THAT(id, testing::MatchesRegex("2-[0-9a-f]{8}"));
  EXPECT_TRUE(fs::exists(stand_.naver(id)));
  EXPECT_THAT(statuses(stand_.build()), Contains(id + " unchanged")) << "it is the same every night";
}

}  // namespace
}  // namespace pipeline::test
