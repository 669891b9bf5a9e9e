#include "pipeline/base/text.h"
#include "pipeline/package/body.h"

#include "html_tree.h"
#include "sample_post.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <gumbo.h>

#include <algorithm>
#include <array>
#include <random>

// Whatever a body is, what is written of it is harmless: to a parser, and again after that parser's tree was written.
namespace pipeline::package {
namespace {

constexpr auto kPayloads = std::to_array<std::string_view>({
    "<script>alert(1)</script>",
    "<SCRIPT SRC=https://x.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1);//<</script>",
    "<script/x>alert(1)</script\t>",
    "<img src=x onerror=alert(1)>",
    "<img src=images/a.jpg onload=alert(1)>",
    "<img/src=images/a.jpg/onerror=alert(1)>",
    "<img src=\"javascript:alert(1)\">",
    "<image src=x onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<p onclick=alert(1) ONMOUSEOVER=alert(1) on\nfocus=alert(1)>x</p>",
    "<div/onclick=alert(1)>x</div>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\"JaVaScRiPt:alert(1)\">x</a>",
    "<a href=\" \x01 javascript:alert(1)\">x</a>",
    "<a href=\"java\tscript:alert(1)\">x</a>",
    "<a href=\"java&#9;script:alert(1)\">x</a>",
    "<a href=\"java&NewLine;script:alert(1)\">x</a>",
    "<a href=\"javascript&colon;alert(1)\">x</a>",
    "<a href=\"&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)\">x</a>",
    "<a href=\"&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)\">x</a>",
    "<a href=\"&#0000106&#0000097vascript:alert(1)\">x</a>",
    "<a href=\"vbscript:msgbox(1)\">x</a>",
    "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
    "<a href=\"data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==\">x</a>",
    "<a xlink:href=\"javascript:alert(1)\">x</a>",
    "<a href=x href=\"javascript:alert(1)\">x</a>",
    "<a href=\"javascript:alert(1)\"href=https://a.example>x</a>",
    "<a href=\"https://a.example\" title='\"><script>alert(1)</script>'>x</a>",
    "<a href='https://a.example/\"onclick=alert(1)//'>x</a>",
    "<a target='\"><img src=x onerror=alert(1)>' href=https://a.example>x</a>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
    "<svg><animate attributeName=href values=javascript:alert(1)></svg>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<svg><foreignObject><p><img src=x onerror=alert(1)></foreignObject></svg>",
    "<svg><desc><table><thead><tr><td></tr><style><img src=x onerror=alert(1)></style>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<math><annotation-xml encoding=\"text/html\"><script>alert(1)</script></annotation-xml></math>",
    "<math href=\"javascript:alert(1)\">x</math>",
    "<math></p><style><!--</style><img src/onerror=alert(1)>",
    "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id=\"</style><img onerror=alert(1) src>\">",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<noembed><img title=\"</noembed><img src onerror=alert(1)>\"></noembed>",
    "<noframes><p title=\"</noframes><img src onerror=alert(1)>\"></noframes>",
    "<template><script>alert(1)</script></template>",
    "<template><s><template><s><img src=x onerror=alert(1)>@</s></template>",
    "<xmp><p title=\"</xmp><svg/onload=alert(1)>\"></xmp>",
    "<textarea><p title=\"</textarea><img src=x onerror=alert(1)>\"></textarea>",
    "<title><p title=\"</title><img src=x onerror=alert(1)>\"></title>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc=\"&lt;script>alert(1)&lt;/script>\"></iframe>",
    "<object data=javascript:alert(1)></object><embed src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><input type=submit><button formaction=javascript:alert(1)>x</button></form>",
    "<isindex type=image src=1 onerror=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<select><option><script>alert(1)</script></select>",
    "<keygen autofocus onfocus=alert(1)><details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video><audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\"><base href=javascript:/a/><link rel=import href=x>",
    "<style>@import 'javascript:alert(1)';</style><p style=\"background:url(javascript:alert(1))\">x</p>",
    "<p style=\"text-align:center;width:expression(alert(1))\">x</p>",
    "<p style=\"text-align:center&quot; onclick=alert(1)\">x</p>",
    "<!--><script>alert(1)</script>-->",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version=1?><?php alert(1) ?>",
    "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    "<p title='&lt;img src=x onerror=alert(1)&gt;'>x</p>",
    "<pre><code>&lt;/code&gt;<script>alert(1)</script></code></pre>",
    "<plaintext><script>alert(1)</script>",
    "<table><tr><td background=javascript:alert(1)><a href=javascript:alert(1)>x</a></table>",
    "<table><svg><tr><style></table><img src=x onerror=alert(1)>",
    "<script\xC0>alert(1)</script\xC0><Ｓcript>alert(1)</script>",
    "<x:script xmlns:x=\"http://www.w3.org/1999/xhtml\">alert(1)</x:script>",
    "<custom-element onclick=alert(1)><script>alert(1)</script>x</custom-element>",
    "<dialog open onclose=alert(1)>x</dialog><portal src=javascript:alert(1)></portal>",
    "<blockquote cite=javascript:alert(1)>x</blockquote><q cite=\"javascript:alert(1)\">x</q>",
    "<a ping=javascript:alert(1) href=https://a.example>x</a>",
});

// Said once more here, so that a mistake in the rules is not repeated by the test.
constexpr auto kHarmfulElements = std::to_array<std::string_view>(
    {"script",   "style",    "iframe", "object", "embed",     "svg",     "math",     "template",
     "noscript", "form",     "input",  "button", "select",    "img",     "image",    "video",
     "audio",    "source",   "link",   "meta",   "base",      "frame",   "frameset", "applet",
     "portal",   "textarea", "title",  "xmp",    "plaintext", "noembed", "noframes", "marquee"});
constexpr auto kHarmlessAttributes = std::to_array<std::string_view>(
    {"title", "lang", "dir", "rel", "target", "start", "reversed", "type", "value", "colspan", "rowspan", "scope"});
constexpr auto kGoodAddresses = std::to_array<std::string_view>({"http:", "https:", "mailto:", "tel:"});

bool is_harmless(std::string_view name, std::string_view value) {
  if (name == "href")
    return std::ranges::any_of(kGoodAddresses, [&](std::string_view scheme) {
      return equal_ignoring_case(value.substr(0, scheme.size()), scheme);
    });
  if (name == "style")
    return value == "text-align: left" || value == "text-align: right" || value == "text-align: center" ||
           value == "text-align: justify";
  return std::ranges::find(kHarmlessAttributes, name) != kHarmlessAttributes.end();
}

// What in the tree of a parser could do harm.
std::vector<std::string> harm_in(std::string_view html) {
  const HtmlTree tree(html);
  if (tree.root() == nullptr) return {tree.objection()};
  std::vector<std::string> harm;
  std::vector<const GumboNode*> open = {tree.root()};
  while (!open.empty()) {
    const GumboNode& node = *open.back();
    open.pop_back();
    if (node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_WHITESPACE) continue;
    const GumboElement& element = node.v.element;
    const std::string name = node.type == GUMBO_NODE_ELEMENT ? gumbo_normalized_tagname(element.tag) : "";
    if (name.empty() || element.tag_namespace != GUMBO_NAMESPACE_HTML ||
        std::ranges::find(kHarmfulElements, name) != kHarmfulElements.end()) {
      harm.push_back(fmt::format("<{}>, a node of type {}", name, static_cast<int>(node.type)));
      continue;
    }
    for (unsigned i = 0; i < element.children.length; ++i)
      open.push_back(static_cast<const GumboNode*>(element.children.data[i]));
    for (unsigned i = 0; i < element.attributes.length; ++i) {
      const auto& attribute = *static_cast<const GumboAttribute*>(element.attributes.data[i]);
      if (!is_harmless(attribute.name, attribute.value))
        harm.push_back(fmt::format("{}={}", attribute.name, attribute.value));
    }
  }
  return harm;
}

// The body with a word at the picture's place, after checks that hold for any body.
std::string checked(const std::string& html, BodyFormat format) {
  const Body body = make_body(post_of(html, {"a.jpg"}, format));
  EXPECT_EQ(body.html.size(), body.images.size() + 1) << html;
  EXPECT_EQ(body.images.size(), 1U) << html;
  EXPECT_EQ(body.alts.size(), body.images.size()) << html;
  const std::string written = body.html.front() + "사진" + body.html.back();
  EXPECT_TRUE(is_utf8(written)) << html;
  EXPECT_THAT(harm_in(written), testing::IsEmpty()) << html << "\n  became\n" << written;
  return written;
}

// Cleaning what is clean changes nothing: a browser that reads it makes the tree that was checked.
void expect_stable(const std::string& written) {
  const Body again = make_body(post_of(written));
  EXPECT_EQ(again.html.front(), written);
  EXPECT_THAT(again.removed, testing::IsEmpty()) << written;
}

TEST(BodySafety, NothingOfTheClassicPayloadsIsLeft) {
  for (const std::string_view payload : kPayloads)
    for (const auto& [before, after] : {std::pair<std::string, std::string>("", ""),
                                        {"<p><b>a", "z</b></p>"},
                                        {"<table><tr><td>", "</table>"},
                                        {"<ul><li>", "</ul>"}})
      for (const BodyFormat format : {BodyFormat::html, BodyFormat::markdown})
        expect_stable(checked(before + std::string(payload) + after, format));
}

TEST(BodySafety, MarkdownMakesNoHarmfulLinks) {
  for (const std::string_view markdown :
       {"[a](javascript:alert(1))", "[a](<java\tscript:alert(1)>)", "<javascript:alert(1)>",
        "[a](JAVASCRIPT&#58;alert(1))", "[a]: javascript:alert(1)\n\n[a]",
        "[a](https://x.example \"\\\" onclick=alert(1) \")", "![\"><script>alert(1)</script>](images/a.jpg)",
        "`<script>alert(1)</script>`", "<script>\n\nalert(1)\n\n</script>"})
    expect_stable(checked(std::string(markdown), BodyFormat::markdown));
}

class RandomHtml {
 public:
  explicit RandomHtml(unsigned seed) : random_(seed) {}

  // Payloads cut, joined, nested and with bytes changed.
  std::string operator()() {
    std::string html;
    for (std::size_t pieces = 1 + below(6); pieces > 0; --pieces) {
      const std::string_view payload = kPayloads[below(kPayloads.size())];
      const std::size_t from = below(3) == 0 ? below(payload.size()) : 0;
      html += payload.substr(from, below(3) == 0 ? below(payload.size()) : std::string_view::npos);
      html += kGlue[below(kGlue.size())];
    }
    for (std::size_t changes = below(5); changes > 0; --changes)
      html[below(html.size())] = below(4) == 0 ? static_cast<char>(below(256)) : kBytes[below(kBytes.size())];
    return html;
  }

 private:
  static constexpr std::string_view kBytes = "<>\"'/= &;!-ab\n";
  static constexpr auto kGlue = std::to_array<std::string_view>({"",
                                                                 "x",
                                                                 "<p>",
                                                                 "</p>",
                                                                 "<b>",
                                                                 "</b>",
                                                                 "<i>",
                                                                 "<a href=https://a.example>",
                                                                 "</a>",
                                                                 "<table>",
                                                                 "<tr>",
                                                                 "<td>",
                                                                 "</table>",
                                                                 "<ul>",
                                                                 "<li>",
                                                                 "</ul>",
                                                                 "<h2>",
                                                                 "</h2>",
                                                                 "<div>",
                                                                 "</div>",
                                                                 "<dl>",
                                                                 "<dt>",
                                                                 "<pre>\n\n",
                                                                 "</pre>",
                                                                 "<img src=images/a.jpg>",
                                                                 "<blockquote>",
                                                                 "<font color=x>",
                                                                 "<button>",
                                                                 "<caption>",
                                                                 "<figure>",
                                                                 "<figcaption>"});

  std::size_t below(std::size_t limit) { return random_() % limit; }
  std::mt19937 random_;
};

TEST(BodySafety, NothingOfRandomlyMutatedHtmlIsHarmful) {
  RandomHtml random_html(20261123);
  for (int i = 0; i < 2000; ++i) {
    const std::string html = random_html();
    checked(html, i % 4 == 0 ? BodyFormat::markdown : BodyFormat::html);
    if (HasFailure()) break;
  }
}

TEST(BodySafety, RandomlyMutatedHtmlIsStableOnceClean) {
  RandomHtml random_html(4);
  for (int i = 0; i < 1000 && !HasFailure(); ++i) expect_stable(checked(random_html(), BodyFormat::html));
}

}  // namespace
}  // namespace pipeline::package
