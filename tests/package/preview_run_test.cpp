#include "pipeline/base/file.h"

#include "package_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// The values of an attribute, wherever it stands.
std::set<std::string> values_of(const std::string& attribute, const std::string& html) {
  const std::string start = " " + attribute + "=\"";
  std::set<std::string> values;
  for (auto at = html.find(start); at != html.npos; at = html.find(start, at)) {
    at += start.size();
    values.insert(html.substr(at, html.find('"', at) - at));
  }
  return values;
}

// A post with all that a post may have, unpacked.
class PreviewRun : public testing::Test {
 protected:
  PreviewRun() {
    auto post = stand_.post("A", {1, 2, 3});
    post.json["title"] = "물이 <식지> 않는 \"텀블러\" & 컵";
    post.json["body"] = "body.md";
    post.json["tags"] = {"텀블러", "겨울"};
    post.json["disclosure"] = {{"required", true}, {"text", "판매자가 직접 쓴 글입니다."}};
    post.json["cta"] = {{"text", "사러 가기"}, {"url", "https://shop.example/1?a=1&b=2"}};
    post.json["faq"] = {{{"question", "뚜껑은?"}, {"answer", "돌려서\n엽니다."}}};
    post.write().put(
        "body.md",
        "# 첫 장\n\n글 **굵게**\n\n![창가에 놓인 파란 텀블러](images/2.jpg)\n\n<script>alert(1)</script>\n\n"
        "<p onclick=\"alert(2)\">누르면</p>\n\n[나쁜 링크](javascript:alert(3)) [좋은 링크](https://a.example/)\n\n"
        "| 가 | 나 |\n|---|---|\n| 1 | 2 |\n");
    const auto summary = stand_.build();
    if (summary["built"] != 1) throw std::runtime_error(summary.dump());
    folder_ = stand_.unpack(stand_.naver("A"));
  }

  PackageStand stand_;
  fs::path folder_;
};

TEST_F(PreviewRun, RefersOnlyToWhatIsInTheZip) {
  const auto pictures = values_of("src", read_file(folder_ / "preview.html"));
  EXPECT_THAT(pictures, ElementsAre("images/01.jpg", "images/02.jpg", "images/03.jpg"));
  for (const auto& picture : pictures) EXPECT_TRUE(fs::exists(folder_ / picture)) << picture;
  EXPECT_EQ(values_of("data-image", read_file(folder_ / "content.html")), pictures);
  EXPECT_THAT(values_of("src", read_file(folder_ / "content.html")), IsEmpty());
  // The body's picture comes first.
  EXPECT_TRUE(read_file(folder_ / "images/01.jpg") == small_photo(2));
}

TEST_F(PreviewRun, TidyFindsNothingWrong) {
  for (const char* page : {"content.html", "preview.html"}) {
    const Outcome tidy = stand_.tool({"tidy", "-errors", "-quiet", "-utf8", (folder_ / page).string()});
    EXPECT_EQ(tidy.exit_code, 0) << page;
    EXPECT_EQ(tidy.err, "") << page;
  }
}

TEST_F(PreviewRun, NothingOfTheBodyRuns) {
  for (const char* page : {"content.html", "preview.html"}) {
    const std::string html = read_file(folder_ / page);
    EXPECT_THAT(html, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("onclick")), Not(HasSubstr("javascript:")),
                            HasSubstr("물이 &lt;식지&gt; 않는"), HasSubstr("href=\"https://a.example/\"")));
    EXPECT_LT(html.find("판매자가 직접 쓴"), html.find("첫 장")) << "the disclosure stands first";
  }
}

}  // namespace
}  // namespace pipeline::test
