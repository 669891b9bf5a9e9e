#include "page_diff.h"

#include "data_uri.h"

#include <gtest/gtest.h>

#include <string>

namespace pipeline::report::page {
namespace {

TEST(PageDiff, MarksTheWordsThatOnlyOneHas) {
  const auto marked = mark_changes("보냉 텀블러 500ml 실버", "보냉 텀블러 750ml 새 실버");
  EXPECT_EQ(marked.before, "보냉 텀블러 <del>500ml</del> 실버");
  EXPECT_EQ(marked.after, "보냉 텀블러 <ins>750ml 새</ins> 실버");
}

TEST(PageDiff, MarksAllOrNothing) {
  EXPECT_EQ(mark_changes("가 나", "다 라").before, "<del>가 나</del>");
  EXPECT_EQ(mark_changes("가 나", "다 라").after, "<ins>다 라</ins>");
  EXPECT_EQ(mark_changes("가 나", "가 나").after, "가 나");
  EXPECT_EQ(mark_changes("", "가").before, "");
  EXPECT_EQ(mark_changes("", "가").after, "<ins>가</ins>");
}

TEST(PageDiff, MarksAtBothEnds) {
  EXPECT_EQ(mark_changes("[특가] 머그", "머그 2개").before, "<del>[특가]</del> 머그");
  EXPECT_EQ(mark_changes("[특가] 머그", "머그 2개").after, "머그 <ins>2개</ins>");
}

TEST(PageDiff, EscapesWhatComesFromOutside) {
  EXPECT_EQ(mark_changes("<b> x", "<i> x").after, "<ins>&lt;i&gt;</ins> x");
}

TEST(PageDiff, OfAVeryLongTextAllIsMarked) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "단어 ";
  EXPECT_TRUE(mark_changes(text, text + "끝").after.starts_with("<ins>"));
}

// RFC 4648, section 10.
TEST(DataUri, IsBase64) {
  const std::string head = "data:image/jpeg;base64,";
  EXPECT_EQ(jpeg_uri(""), head);
  EXPECT_EQ(jpeg_uri("f"), head + "Zg==");
  EXPECT_EQ(jpeg_uri("fo"), head + "Zm8=");
  EXPECT_EQ(jpeg_uri("foo"), head + "Zm9v");
  EXPECT_EQ(jpeg_uri("foobar"), head + "Zm9vYmFy");
  EXPECT_EQ(jpeg_uri("\xFF\xFE"), head + "//4=");
}

}  // namespace
}  // namespace pipeline::report::page
