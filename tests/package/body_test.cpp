#include "pipeline/package/body.h"

#include "sample_post.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::package {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

std::string cleaned(std::string_view html) {
  const Body body = make_body(post_of(html));
  EXPECT_THAT(body.faults, IsEmpty()) << html;
  return shown(body);
}

auto removes(std::string what, std::size_t count = 1) {
  return AllOf(Field("what", &Removed::what, what), Field("count", &Removed::count, count));
}

auto fault(std::string place, std::string part) {
  return AllOf(Field("place", &Fault::place, place), Field("what", &Fault::what, HasSubstr(part)));
}

TEST(Body, IsWrittenAnew) {
  EXPECT_EQ(cleaned("<P>a<BR/>b &lt;c&gt; &amp; &quot;d&quot; &hearts;<p>e"),
            "<p>a<br>b &lt;c&gt; &amp; &quot;d&quot; ♥</p><p>e</p>");
  EXPECT_EQ(cleaned("<!DOCTYPE html><html><head><title>t</title></head><body><b>x</b></body></html>"), "<b>x</b>");
  EXPECT_EQ(cleaned("a\u0085\u009Fb"), "ab");
  EXPECT_EQ(cleaned("<pre>\n\nx</pre>"), "<pre>\n\nx</pre>");
  EXPECT_EQ(cleaned(""), "");
}

TEST(Body, OfMarkdownHasTablesStrikethroughAndBareAddresses) {
  const Body body =
      make_body(post_of("# 제목\n\n~~옛~~ https://a.example/b?c=1&d=2\n\n|a|b|\n|:-:|---|\n|1|2|\n\n"
                        "<b onclick=x>raw</b> 1 < 2",
                        {}, BodyFormat::markdown));
  EXPECT_EQ(shown(body),
            "<h1>제목</h1>\n<p><del>옛</del> "
            "<a href=\"https://a.example/b?c=1&amp;d=2\">https://a.example/b?c=1&amp;d=2</a></p>\n"
            "<table>\n<thead>\n<tr>\n<th style=\"text-align: center\">a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n"
            "<tr>\n<td style=\"text-align: center\">1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>\n"
            "<p><b>raw</b> 1 &lt; 2</p>\n");
  EXPECT_THAT(body.removed, ElementsAre(removes("onclick of <b>")));
}

TEST(Body, TellsWhatItTookOutOnceEachWithACount) {
  const Body body = make_body(post_of(
      "<!-- a --><!-- b --><script>alert(1)</script><p onclick=x onclick=y style='color:red' class=c>t</p>"
      "<p class=d>u<font color=red>v</font></p><svg><circle/></svg><math><mi>x</mi></math><blink>w</blink>"
      "<a href=' java&#10;script:alert(1)'>z</a><a href='#top'>top</a><template><p>gone</template><iframe></iframe>"));
  EXPECT_EQ(shown(body), "<p>t</p><p>uv</p>wztop");
  EXPECT_THAT(body.removed,
              ElementsAre(removes("comment", 2), removes("<script>"), removes("onclick of <p>"),
                          removes("style of <p>"), removes("class of <p>", 2), removes("<font>"), removes("<svg>"),
                          removes("<math>"), removes("<blink>"), removes("javascript: link"),
                          removes("link to a place on the page"), removes("<template>"), removes("<iframe>")));
}

TEST(Body, KeepsWhatAuthorsWroteOnLinksListsAndCells) {
  for (const std::string_view html :
       {"<a href=\"https://a.example/?x=1&amp;y=한글\" rel=\"nofollow sponsored\" target=\"_blank\" title=\"t\">l</a>",
        "<a href=\"tel:+82-2-123-4567\">l</a>", "<a href=\"mailto:a@b.example?subject=c\">l</a>",
        "<ol start=\"3\" reversed type=\"a\"><li value=\"7\">x</li></ol>",
        "<table><tbody><tr><th scope=\"row\">h</th><td colspan=\"2\" rowspan=\"3\">x</td></tr></tbody></table>",
        "<p lang=\"en-US\" dir=\"ltr\">x</p>", "<abbr title=\"&quot;q&quot;\">x</abbr>",
        "<a href=\"https://a.example/\"><div>block</div></a>"})
    EXPECT_EQ(cleaned(html), html);
}

TEST(Body, DropsAttributeValuesThatAreWrong) {
  EXPECT_EQ(cleaned("<ol start=x type=z><li value=1e9>a</li></ol><p lang='k' dir=up>b</p>"
                    "<a href='https://a.example' target=_evil>c</a>"),
            "<ol><li>a</li></ol><p>b</p><a href=\"https://a.example\">c</a>");
}

TEST(Body, PutsPresentNamesForOldOnes) {
  EXPECT_EQ(cleaned("<center>a</center><p align=RIGHT>b</p><strike>c</strike><tt>d</tt><section><h2>e</h2></section>"
                    "<p style='color: red; Text-Align : CENTER'>f</p><dir><li>g</dir>"),
            "<div style=\"text-align: center\">a</div><p style=\"text-align: right\">b</p><s>c</s><code>d</code>"
            "<div><h2>e</h2></div><p style=\"text-align: center\">f</p><ul><li>g</li></ul>");
}

TEST(Body, PutsElementsWhereTheyMayStand) {
  EXPECT_EQ(cleaned("<b><p>a</p></b><span><i><div>b</div></i></span>"), "<p>a</p><div>b</div>");
  EXPECT_EQ(cleaned("<h2><div>a</div><div>b</div></h2>"), "<h2> a  b </h2>");
  EXPECT_EQ(cleaned("<ul>a <b>b</b><li>c</li><ul><li>d</ul></ul>"),
            "<ul><li>a <b>b</b></li><li>c</li><li><ul><li>d</li></ul></li></ul>");
  EXPECT_EQ(cleaned("<li value=3>a</li><dd>b</dd><figcaption>c</figcaption>"), "<div>a</div><div>b</div><div>c</div>");
  EXPECT_EQ(cleaned("<dl>x<dt>a<dd>b</dl>"), "<div><div>x</div><div>a</div><div>b</div></div>");
  EXPECT_EQ(cleaned("<dl><dt>a<dd>b<dt>c</dl>"), "<div><div>a</div><div>b</div><div>c</div></div>");
  EXPECT_EQ(cleaned("<dl> <dt>a<dt>b<dd>c<p>d</dl>"), "<dl> <dt>a</dt><dt>b</dt><dd>c<p>d</p></dd></dl>");
  EXPECT_EQ(cleaned("<p>a<button><div>b</div></button></p>"), "<div>a<div>b</div></div>");
  EXPECT_EQ(cleaned("<table>x<tr><td>a</table>"), "x<table><tbody><tr><td>a</td></tr></tbody></table>");
}

TEST(Body, LosesNoTextThatABrowserShows) {
  EXPECT_EQ(cleaned("<p>A</p><svg><circle r=1><p>B</p><p>C</p>"), "<p>A</p><p>B</p><p>C</p>");
  EXPECT_EQ(cleaned("a<xmp><b>x</b> & y</xmp><listing>z</listing>"),
            "a<pre>&lt;b&gt;x&lt;/b&gt; &amp; y</pre><pre>z</pre>");
  EXPECT_EQ(cleaned("a<plaintext>b</p>"), "a<pre>b&lt;/p&gt;</pre>");
  EXPECT_EQ(cleaned("a</body></html> b<body onload=x><p>c</p>"), "a b<p>c</p>");
}

TEST(Body, AddsNothingThatNobodyWrote) {
  EXPECT_EQ(cleaned("a<isindex prompt=x>b"), "ab");
  EXPECT_EQ(cleaned("<p>가<h2>나</h2>다</p>"), "<p>가</p><h2>나</h2>다");
  EXPECT_EQ(cleaned("<p>가</p><p> </p><p>&nbsp;</p><p><br></p>"), "<p>가</p><p>\u00A0</p><p><br></p>");
  EXPECT_EQ(cleaned("<table><tr><td>a</td></tr><form><tr><td>b</td></tr></form></table>"),
            "<table><tbody><tr><td>a</td></tr><tr><td>b</td></tr></tbody></table>");
}

TEST(Body, BoundsTheAttributesOfATag) {
  const auto tag = [](std::size_t attributes) {
    std::string html = "<p";
    for (std::size_t i = 0; i < attributes; ++i) html += " a" + std::to_string(i) + "='x>y z'";
    return html + ">글</p>";
  };
  EXPECT_THAT(make_body(post_of(tag(250))).faults, IsEmpty());
  EXPECT_THAT(make_body(post_of(tag(251))).faults, ElementsAre(fault("$.body", "a tag with 251 attributes")));
  EXPECT_THAT(make_body(post_of(tag(100'000))).faults, ElementsAre(fault("$.body", "a tag with 100,000 attributes")));
  EXPECT_EQ(cleaned("<p title='a b c d'/>x<p title = \"a>b\" lang=ko>y"),
            "<p title=\"a b c d\">x</p><p title=\"a&gt;b\" lang=\"ko\">y</p>");
}

TEST(Body, RefusesLinksThatLeadNowhereFromABlog) {
  Post post = post_of(
      "<a href='shop/item?id=1'>a</a><a href='//host/x'>b</a><a href='intent://x'>c</a>"
      "<a href='java\\script:x'>d</a>");
  post.body_file = "body.html";
  const Body body = make_body(post);
  EXPECT_EQ(shown(body), "abcd");
  EXPECT_THAT(body.faults,
              ElementsAre(fault("body.html", "\"shop/item?id=1\", which leads nowhere"), fault("body.html", "//host/x"),
                          fault("body.html", "intent://x"), fault("body.html", "java%5Cscript:x")));
}

TEST(Body, IsCutAtItsPicturesInReadingOrder) {
  const Body body = make_body(post_of(
      "<p>a<img src=images/b.jpg alt='둘째'></p><a href='https://x.example'><img src='./images/a.jpg'></a><p>z</p>",
      {"a.jpg", "b.jpg", "c.jpg"}));
  EXPECT_THAT(body.html, ElementsAre("<p>a", "</p><a href=\"https://x.example\">", "</a><p>z</p><p>", "</p>"));
  EXPECT_THAT(body.images, ElementsAre(1, 0, 2));
  EXPECT_THAT(body.alts, ElementsAre("둘째", "", ""));
  EXPECT_THAT(body.faults, IsEmpty());
}

TEST(Body, TakesTheAltTextOfPostJsonBeforeItsOwn) {
  Post post = post_of("<img src=images/a.jpg alt=body>", {"a.jpg"});
  post.images[0].alt = "post.json";
  EXPECT_THAT(make_body(post).alts, ElementsAre("post.json"));
}

TEST(Body, KnowsAPictureByAllWaysToWriteItsName) {
  const std::string composed = "앞 면100%25.jpg";
  const std::string decomposed = "\u110B\u1161\u11C1 \u1106\u1167\u11AB100%25.jpg";
  for (const std::string& src :
       {"images/" + composed, "images/" + decomposed, composed, "././images/" + composed, "사진/" + composed,
        "images\\" + composed, std::string("images/%EC%95%9E%20%EB%A9%B4100%2525.jpg"),
        std::string("%ec%95%9e%20%eb%a9%b4100%2525.jpg")})
    for (const std::string& name : {composed, decomposed})
      EXPECT_THAT(make_body(post_of("<img src=\"" + src + "\">", {name})).images, ElementsAre(0)) << src;
  EXPECT_THAT(make_body(post_of("![x](<images/앞 면.jpg>)", {"앞 면.jpg"}, BodyFormat::markdown)).faults, IsEmpty());
}

TEST(Body, ShowsAPictureOnce) {
  const Body body = make_body(post_of("<img src=images/a.jpg><p>x<img src=a.jpg></p>", {"a.jpg"}));
  EXPECT_EQ(shown(body), "[[0]]<p>x</p>");
  EXPECT_THAT(body.removed, ElementsAre(removes("<img> of a picture that stands above")));
}

TEST(Body, NamesPicturesThatThePostDoesNotHave) {
  const Body body =
      make_body(post_of("<img src=images/b.jpg><img src='https://x.example/c.jpg'><img onerror=x>"
                        "<img src='../images/a.jpg'><img src='data:image/png;base64,xx'>",
                        {"a.jpg"}));
  EXPECT_EQ(shown(body), "<p>[[0]]</p>");
  EXPECT_THAT(
      body.faults,
      ElementsAre(fault("$.body", "\"images/b.jpg\", which is no picture of the post"),
                  fault("$.body", "https://x.example/c.jpg\", which is no picture of the post: save it into images/"),
                  fault("$.body", "without src"), fault("$.body", "../images/a.jpg"),
                  fault("$.body", "data:image/png")));
}

TEST(Body, AFormFeedIsWhiteSpaceAndJoinsNothing) {
  EXPECT_THAT(make_body(post_of("<p>a\fb _M#\f]</p>")).html.front(), HasSubstr("<p>a b _M# ]</p>"));
}

TEST(Body, ThatIsTooDeepOrTooLargeIsAFault) {
  const auto repeated = [](std::string_view piece, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) text += piece;
    return text;
  };
  const auto objection = [](std::string_view html) {
    const Body body = make_body(post_of(html, {"a.jpg"}));
    EXPECT_EQ(body.html.size(), body.images.size() + 1);
    return body.faults.empty() ? std::string() : body.faults.front().what;
  };
  EXPECT_EQ(objection(repeated("<div>", 90)), "");
  EXPECT_THAT(objection(repeated("<div>", 150)), HasSubstr("more than 100 deep"));
  EXPECT_THAT(objection(repeated("<b>", 15'000)), HasSubstr("more than 100 deep"));
  EXPECT_THAT(objection(repeated("<ol>", 60)), HasSubstr("more than 100 deep"));  // as an item is put round each
  EXPECT_THAT(objection(repeated("<div>", 100'000)), HasSubstr("100,000 tags"));
  EXPECT_THAT(objection(repeated("<svg>", 19'000)), "");
  // Each paragraph opens all the elements anew that were not closed in those before.
  std::string misnested;
  for (int i = 0; i < 5000; ++i) misnested += fmt::format("<p><font a={}>", i);
  EXPECT_THAT(objection(misnested), HasSubstr("too much memory"));
  for (const std::string_view piece : {"> ", "[", "![", "**a *b ", "`` ` ", "<a ", "[a](", "- ", "|", "&#"}) {
    const Body body = make_body(post_of(repeated(piece, 50'000), {}, BodyFormat::markdown));
    EXPECT_EQ(body.html.size(), body.images.size() + 1) << piece;
  }
}

}  // namespace
}  // namespace pipeline::package
