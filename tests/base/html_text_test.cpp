#include "pipeline/base/html_text.h"

#include <gtest/gtest.h>

namespace pipeline {
namespace {

TEST(HtmlText, IsEscaped) {
  EXPECT_EQ(html_of("a<b>&\"c'\t한"), "a&lt;b&gt;&amp;&quot;c'\t한");
  EXPECT_EQ(html_of("a\x01\x0B\x7F\u0085\uFFFE\U0001FFFF\uFDD0b"), "ab");
  EXPECT_EQ(html_lines("a\n<b>\n\nc\n"), "a<br>\n&lt;b&gt;<br>\n<br>\nc");
  EXPECT_EQ(html_lines(""), "");
}

}  // namespace
}  // namespace pipeline
