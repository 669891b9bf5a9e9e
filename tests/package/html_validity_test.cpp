#include "pipeline/package/documents.h"

#include "sample_post.h"
#include "support/process.h"
#include "support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

// What two checkers that are not ours say of the pages: tidy of elements and their places, html5lib of the syntax (it
// is strict: the first parse error of the HTML standard ends it).
namespace pipeline::package {
namespace {

constexpr std::string_view kStrictParse =
    "import sys, html5lib\n"
    "for name in sys.argv[1:]:\n"
    "    try:\n"
    "        html5lib.HTMLParser(strict=True).parse(open(name, 'rb'), transport_encoding='utf-8')\n"
    "    except Exception as e:\n"
    "        sys.exit(name + ': ' + repr(e))\n";

class HtmlValidity : public testing::Test {
 protected:
  // Checks both pages of each post at once: a checker takes longer to start than to read.
  void add(const Post& post) {
    const SamplePackage package(post);
    write(content_html(package.content()));
    write(preview_html(package.content()));
  }

  void expect_valid() {
    std::vector<std::string> tidy = {"/usr/bin/env",          "tidy", "-quiet",    "-errors",
                                     "--drop-empty-elements", "no",   "--fix-uri", "no"};
    tidy.insert(tidy.end(), files_.begin(), files_.end());
    const auto said = run(std::move(tidy));
    EXPECT_EQ(said.exit_code, 0);
    EXPECT_EQ(said.err, "");

    std::vector<std::string> html5lib = {"/usr/bin/python3", "-c", std::string(kStrictParse)};
    html5lib.insert(html5lib.end(), files_.begin(), files_.end());
    const auto parsed = run(std::move(html5lib));
    EXPECT_EQ(parsed.exit_code, 0);
    EXPECT_EQ(parsed.err, "");
  }

  test::Outcome run(const std::vector<std::string>& arguments) {
    return test::Process(arguments, {{"LC_ALL", "C.UTF-8"}}, folder_.path()).wait();
  }

  void write(std::string_view html) {
    files_.push_back((folder_ / fmt::format("{:02}.html", files_.size())).string());
    std::ofstream(files_.back(), std::ios::binary) << html;
  }

  std::vector<std::string> files_;

 private:
  test::TempDir folder_;
};

TEST_F(HtmlValidity, OfARichPostAndABareOne) {
  add(rich_post());
  add(post_of(""));
  add(post_of("글자만 있는 본문", {"a.jpg", "b.jpg"}));
  expect_valid();
}

TEST_F(HtmlValidity, WhereverAPictureStands) {
  for (const std::string_view around :
       {"%", "<p>a % b</p>", "<h2>%</h2>", "<ul>%</ul>", "<ul><li>%</ul>", "<a href='https://a.example'>%</a>",
        "<table><tr><td>%</table>", "<table>%</table>", "<dl>%</dl>", "<pre>%</pre>", "<blockquote>%</blockquote>",
        "<figure>%<figcaption>c</figcaption></figure>", "<b><i>%</i></b>",
        "<table><caption>%</caption><tr><td>x</table>"}) {
    std::string body(around);
    body.replace(body.find('%'), 1, "<img src=images/a.jpg>");
    add(post_of(body, {"a.jpg"}));
  }
  expect_valid();
}

TEST_F(HtmlValidity, WhateverTheAuthorMadeOfHtml) {
  for (const std::string_view body :
       {"<b><p>a</b>b", "<p><b><i>a</b>b</i>c", "<ul>a<ul><li>b</ul></ul>", "<li>a<li>b", "<h1><div>a<p>b</h1>",
        "<span><div><p>a</span></div>", "<center><font color=red>a</font></center>", "<table>a<tr>b<td>c</table>",
        "<a href=https://a.example>a<a href=https://b.example>b</a><div>c</div></a>", "<p align=center style='x'>a",
        "<dl>a<dt><h2>b</h2><dd>c</dl>", "<p title='a\"b<c>'>d & e &amp f &unknown; g</p>",
        "<section><h2>a</h2></section>", "<figcaption>a</figcaption>",
        "<p><button><div>a</div></button><marquee><table></table></marquee>",
        "<details><summary>a</summary>b</details>", "<form><fieldset><legend>a</legend><input></fieldset></form>",
        "a\x01\x0C b<pre>\n\n\nc</pre>", "<a href='https://a.example/b c\"<d>|{e}'>f</a>"})
    add(post_of(body));
  expect_valid();
}

TEST_F(HtmlValidity, IsReallyLookedAt) {
  write("<!DOCTYPE html><html lang=\"ko\"><head><title>t</title></head><body><p>a<div>b</p></div></body></html>");
  EXPECT_NE(run({"/usr/bin/env", "tidy", "-quiet", "-errors", files_.front()}).exit_code, 0);
  EXPECT_NE(run({"/usr/bin/python3", "-c", std::string(kStrictParse), files_.front()}).exit_code, 0);
}

}  // namespace
}  // namespace pipeline::package
