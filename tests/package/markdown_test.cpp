#include "sample_post.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// Markdown as people write it: what stands in the article, and what is said of the rest.
namespace pipeline::package {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Body body_of(std::string_view markdown, const std::vector<std::string>& pictures = {},
             LineBreaks breaks = LineBreaks::kept) {
  return make_body(post_of(markdown, pictures, BodyFormat::markdown), breaks);
}

// The article of a body that nothing is to be said of.
std::string html_of(std::string_view markdown) {
  const Body body = body_of(markdown);
  EXPECT_THAT(body.faults, IsEmpty()) << markdown;
  EXPECT_THAT(body.notes, IsEmpty()) << markdown;
  return shown(body);
}

// --- tables ---

TEST(Markdown, AnEmptyCellKeepsItsPlace) {
  EXPECT_THAT(html_of("|색상|재고|크기|\n|---|---|---|\n|빨강||XL|\n"),
              HasSubstr("<tr>\n<td>빨강</td>\n<td></td>\n<td>XL</td>\n</tr>"));
  EXPECT_THAT(html_of("|a|b|\n|---|---|\n||x|\n"), HasSubstr("<tr>\n<td></td>\n<td>x</td>\n</tr>"));
}

TEST(Markdown, ALinkEndsWithItsCell) {
  EXPECT_THAT(html_of("|주소|이름|\n|---|---|\n|https://x.example/1|컵|\n"),
              HasSubstr("<td><a href=\"https://x.example/1\">https://x.example/1</a></td>\n<td>컵</td>"));
}

TEST(Markdown, ATableWhoseHeadDoesNotFitStaysTextAndIsNamed) {
  const Body body = body_of("|a|b|c|\n|---|---|\n|1|2|3|\n");
  EXPECT_THAT(shown(body), AllOf(HasSubstr("|a|b|c|"), HasSubstr("|1|2|3|")));
  EXPECT_THAT(body.notes, ElementsAre(AllOf(HasSubstr("|---|"), HasSubstr("as many cells"))));
}

TEST(Markdown, ATableMayStandBehindALineOfText) {
  EXPECT_THAT(html_of("크기\n|a|b|\n|---|---|\n|1|2|\n"), AllOf(HasSubstr("<p>크기</p>"), HasSubstr("<td>1</td>")));
  EXPECT_THAT(html_of("|a|b|\n|---|---|\n|`x\\|y`|z|\n"), HasSubstr("<td><code>x|y</code></td>"));
}

// --- blocks and inlines ---

TEST(Markdown, FollowsCommonMarkAsItIsToday) {
  EXPECT_EQ(html_of("#\tFoo"), "<h1>Foo</h1>\n");
  EXPECT_EQ(html_of("hi\n--\t"), "<h2>hi</h2>\n");
  EXPECT_EQ(html_of("*£*b."), "<p>*£*b.</p>\n");
  EXPECT_EQ(html_of("*x https://x.example/a*b c"),
            "<p>*x <a href=\"https://x.example/a*b\">https://x.example/a*b</a> c</p>\n");
  EXPECT_EQ(html_of("www.naver.example/a"), "<p><a href=\"http://www.naver.example/a\">www.naver.example/a</a></p>\n");
  EXPECT_EQ(html_of("본문 <!-- 메모 -- 지울 것 --> 계속"), "<p>본문  계속</p>\n");
  EXPECT_EQ(shown(body_of("`<!-- a -- b -->` **c(d)**e")), "<p><code>&lt;!-- a -- b --&gt;</code> **c(d)**e</p>\n")
      << "what shields it is not seen";
}

TEST(Markdown, AnAddressThatRunsIntoAParticleIsNamed) {
  EXPECT_THAT(body_of("https://x.example/123를 보세요").notes, ElementsAre(HasSubstr("https://x.example/123를")));
  for (const char* sound :
       {"https://x.example/123 를", "https://x.example/위키/한글 을", "[가](https://x.example/a가)"})
    EXPECT_THAT(body_of(sound).notes, IsEmpty()) << sound;
}

TEST(Markdown, AddressesStayAsTheyAreWritten) {
  EXPECT_EQ(html_of("[x](https://a.example/~u['b']/한글?q=1&r=2 \"제목 & 글\")"),
            "<p><a href=\"https://a.example/~u['b']/한글?q=1&amp;r=2\" title=\"제목 &amp; 글\">x</a></p>\n");
}

TEST(Markdown, TildesAreStrikethroughInPairsOnly) {
  EXPECT_EQ(html_of("10~20cm, 30~40cm, ~~취소(품절)~~는"), "<p>10~20cm, 30~40cm, <del>취소(품절)</del>는</p>\n");
  EXPECT_EQ(html_of("좋아요~~ 정말~~"), "<p>좋아요~~ 정말~~</p>\n");
}

TEST(Markdown, LinesAreKeptUnlessBreaksAreStrict) {
  EXPECT_EQ(html_of("첫 줄\n둘째 줄\n\n셋째"), "<p>첫 줄<br>\n둘째 줄</p>\n<p>셋째</p>\n");
  EXPECT_EQ(shown(body_of("첫 줄\n둘째 줄", {}, LineBreaks::strict)), "<p>첫 줄\n둘째 줄</p>\n");
  EXPECT_EQ(shown(body_of("첫 줄  \n둘째 줄", {}, LineBreaks::strict)), "<p>첫 줄<br>\n둘째 줄</p>\n");
}

// --- emphasis beside Korean ---

TEST(Markdown, EmphasisEndsAtPunctuationBesideCjk) {
  const std::pair<const char*, const char*> cases[] = {
      {"**강력(强力)**하게", "<strong>강력(强力)</strong>하게"},
      {"**\"보냉\"**은 좋고", "<strong>&quot;보냉&quot;</strong>은 좋고"},
      {"**특징:**이 있습니다", "<strong>특징:</strong>이 있습니다"},
      {"이것은**'따옴표'**입니다", "이것은<strong>'따옴표'</strong>입니다"},
      {"**[링크](https://x.example)**를", "<strong><a href=\"https://x.example\">링크</a></strong>를"},
      {"**`코드`**를", "<strong><code>코드</code></strong>를"},
      {"*50%*나", "<em>50%</em>나"},
      {"***정말!***이에요", "<em><strong>정말!</strong></em>이에요"},
      {"**この文。**だ", "<strong>この文。</strong>だ"},
      {"**「따옴표」**는", "<strong>「따옴표」</strong>는"},
      {"**~~옛 값(10)~~**은", "<strong><del>옛 값(10)</del></strong>은"},
      {"~~옛 값(10)~~은", "<del>옛 값(10)</del>은"}};
  for (const auto& [markdown, html] : cases)
    EXPECT_EQ(html_of(markdown), "<p>" + std::string(html) + "</p>\n") << markdown;
}

TEST(Markdown, EmphasisElsewhereIsCommonMarks) {
  EXPECT_EQ(shown(body_of("**a(b)**c")), "<p>**a(b)**c</p>\n");
  EXPECT_EQ(shown(body_of("snake_case_name 2*3*4")), "<p>snake_case_name 2<em>3</em>4</p>\n");
  EXPECT_EQ(shown(body_of("** 강력 **")), "<p>** 강력 **</p>\n");
}

// --- pictures ---

TEST(Markdown, APictureOfANoteIsAPicture) {
  const Body body = body_of("글 ![[front.jpg]] ![[첨부/사진/back 1.jpg|300]]\n\n![[side.jpg|옆에서 본 머그컵 사진]]\n",
                            {"front.jpg", "back 1.jpg", "side.jpg"});
  EXPECT_EQ(shown(body), "<p>글 [[0]] [[1]]</p>\n<p>[[2]]</p>\n");
  EXPECT_THAT(body.alts, ElementsAre("", "", "옆에서 본 머그컵 사진"));
  EXPECT_THAT(body.notes, IsEmpty());
  EXPECT_THAT(body.faults, IsEmpty());
}

TEST(Markdown, APicturesNameMayHaveSpacesAndParentheses) {
  const Body body = body_of(
      "![사진](images/mug (1).jpg)\n\n[![둘](<images/a b.jpg>)](https://x.example)\n\n"
      "![셋](images/c d.png \"제목\") ![넷](images/IMG_1.jpg) ![다섯](images\\e.jpg)",
      {"mug (1).jpg", "a b.jpg", "c d.png", "IMG_1.JPG", "e.jpg"});
  EXPECT_EQ(shown(body), "<p>[[0]]</p>\n<p><a href=\"https://x.example\">[[1]]</a></p>\n<p>[[2]] [[3]] [[4]]</p>\n");
  EXPECT_THAT(body.alts, ElementsAre("사진", "둘", "셋", "넷", "다섯"));
  EXPECT_THAT(body.notes, IsEmpty());
  EXPECT_THAT(body.faults, IsEmpty());
}

TEST(Markdown, APictureThatIsNotThereIsNamedAsItWasMeant) {
  const Body body = body_of("![x](images/%EC%95%9E%EB%AA%A8%EC%8A%B5.jpg) ![[frnt.jpg]]", {"front.jpg"});
  ASSERT_EQ(body.faults.size(), 2U);
  EXPECT_THAT(body.faults[0].what, HasSubstr("\"images/앞모습.jpg\""));
  EXPECT_THAT(body.faults[1].what, HasSubstr("did you mean images/front.jpg?"));
}

// --- what note-taking programs add ---

TEST(Markdown, TasksFootnotesMarksAndCalloutsAreReadable) {
  EXPECT_EQ(html_of("- [ ] 할 일\n- [x] 끝난 일\n"), "<ul>\n<li>☐ 할 일</li>\n<li>☑ 끝난 일</li>\n</ul>\n");
  EXPECT_EQ(html_of("==형광펜(노랑)==과 ==**굵은** 것=="),
            "<p><mark>형광펜(노랑)</mark>과 <mark><strong>굵은</strong> 것</mark></p>\n");
  EXPECT_EQ(html_of("각주[^1]와 둘[^b]\n\n[^1]: 각주 내용\n[^b]: 또 하나\n"),
            "<p>각주<sup>1</sup>와 둘<sup>2</sup></p>\n<hr>\n<ol>\n<li>각주 내용</li>\n<li>또 하나</li>\n</ol>\n");
  EXPECT_EQ(html_of("> [!note] 알림\n> 내용\n"),
            "<blockquote>\n<p><strong>알림</strong><br>\n내용</p>\n</blockquote>\n");
  EXPECT_EQ(html_of("> [!warning]-\n> 뜨거워요\n"),
            "<blockquote>\n<p><strong>주의</strong><br>\n뜨거워요</p>\n</blockquote>\n");
  EXPECT_EQ(html_of("a == b, c==d"), "<p>a == b, c==d</p>\n");
}

TEST(Markdown, WhatIsForItsAuthorIsLeftOutAndNamed) {
  const Body body = body_of("본문 [[다른 글]]과 [[a|표시한 말]] ![[노트]] %%메모%% 끝\n\n[^9]: 아무도 안 부름\n");
  EXPECT_EQ(shown(body), "<p>본문 다른 글과 표시한 말   끝</p>\n");
  EXPECT_THAT(body.notes, ElementsAre(HasSubstr("[^9]"), HasSubstr("[[다른 글]]"), HasSubstr("[[a|표시한 말]]"),
                                      HasSubstr("![[노트]]"), HasSubstr("%%")));
  EXPECT_EQ(shown(body_of("100%% 할인, 50%% 적립, [[1]](https://x.example)")),
            "<p>100%% 할인, 50%% 적립, <a href=\"https://x.example\">[1]</a></p>\n");
}

TEST(Markdown, CodeIsShownAsItIsWritten) {
  EXPECT_EQ(
      html_of("`![[a.jpg]] [##_Image|x_##] **가(나)**다 ==x==`\n\n```sh\n[[ -f a ]] && {{x}}\n```\n"),
      "<p><code>![[a.jpg]] [##_Image|x_##] **가(나)**다 ==x==</code></p>\n<pre><code>[[ -f a ]] &amp;&amp; {{x}}\n"
      "</code></pre>\n");
}

// --- other editors' marks ---

TEST(Markdown, MarksOfEditorsAreLeftOutAndNamed) {
  for (const BodyFormat format : {BodyFormat::html, BodyFormat::markdown}) {
    const Body body = make_body(post_of(
        "첫 "
        "문단\n\n[##_Image|kage@AbCdE/btxx/KEY1/img.png|CDM|1.3|{\"originWidth\":800,\"style\":\"alignCenter\"}_##]\n\n"
        "둘째 [gallery ids=\"1,2\"] {{< figure src=\"a.jpg\" >}} {% raw %}셋째{% endraw %} [caption "
        "id=\"a\"]설명[/caption] "
        "[b]굵게[/b] [img]https://x.example/a.png[/img] 끝 [무료배송] [S=95] [NEW]",
        {}, format));
    EXPECT_THAT(body.faults, IsEmpty());
    const std::string text = shown(body);
    for (const char* mark : {"##", "kage", "gallery", "{{", "{%", "caption", "[b]", "[/b]", "img", "x.example"})
      EXPECT_EQ(text.find(mark), text.npos) << mark << " in " << text;
    for (const char* word : {"첫 문단", "둘째", "셋째", "설명", "굵게", "끝 [무료배송] [S=95] [NEW]"})
      EXPECT_THAT(text, HasSubstr(word));
    for (const char* mark : {"[##_Image|…_##]", "[gallery", "{{<", "{%", "[caption", "[b]", "[img]"})
      EXPECT_THAT(body.notes, testing::Contains(HasSubstr(mark))) << mark;
    EXPECT_THAT(body.removed, testing::Contains(testing::Field("what", &Removed::what, "[##_Image|…_##]")));
  }
}

TEST(Markdown, MarkupThatNothingUnderstoodIsNamed) {
  const std::pair<const char*, const char*> cases[] = {{"**강조 **입니다", "has ** standing"},
                                                       {"__init __", "has __ standing"},
                                                       {"##제목", "a heading has a space"},
                                                       {"[글](https://x.example/a b)", "has [ ]( ) standing"},
                                                       {"각주[^1]", "has [^ standing"},
                                                       {"[!tip] 팁", "has [! standing"},
                                                       {":::tip\n글\n:::", "has ::: standing"},
                                                       {"$$x^2$$", "has $$ standing"},
                                                       {"좋아요 :smile: 네", "has :name: standing"}};
  for (const auto& [markdown, note] : cases)
    EXPECT_THAT(body_of(markdown).notes, ElementsAre(HasSubstr(note))) << markdown;
  for (const char* plain : {"010-****-1234", "5 ** 3", "12:30:00", "#태그 #둘", "a_b __", "값: 1:2:3", "~~ 네 ~~"})
    EXPECT_THAT(body_of(plain).notes, IsEmpty()) << plain;
}

TEST(Markdown, AnHtmlBodyWithMarkdownInItIsNamed) {
  const Body body = make_body(post_of("<p>이것은 **굵은** 글</p><pre>**</pre>"));
  EXPECT_THAT(body.notes, ElementsAre(AllOf(HasSubstr("has **"), HasSubstr("이것은 **굵은** 글"))));
}

TEST(PlainText, KeepsParagraphsAndLines) {
  const Body body = make_body(post_of("첫 줄 <b>\r\n둘째 & 줄\r\n\r\n\r\n  셋째\n", {"a.jpg"}, BodyFormat::text));
  EXPECT_EQ(shown(body), "<p>첫 줄 &lt;b&gt;<br>\n둘째 &amp; 줄</p>\n<p>  셋째</p>\n<p>[[0]]</p>");
}

// --- bounds ---

TEST(Markdown, OddTextsCostNoMoreThanTheirLength) {
  for (const char* piece :
       {"[[", "![[", "![a](", "[##_", "{{", "{%",       "<!--", "%% ", "[b]", "[^a]: ", "==",   "**가(",
        "`",  "> ",  "[a](",  "![",   "|",  "*가*_나_", "~~",   "[x=", "{#",  "[/",     "_M#]", "[#M_a|"}) {
    std::string text;
    while (text.size() < 60'000) text += piece;
    const Body body = body_of(text);
    EXPECT_LE(body.html.size(), 2U) << piece;  // it came back
  }
}

}  // namespace
}  // namespace pipeline::package
