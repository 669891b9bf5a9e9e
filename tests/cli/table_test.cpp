#include "table.h"

#include "pipeline/base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::cli {
namespace {

const std::vector<std::vector<std::string>> kLines{
    {"ID", "STATUS", "SKU"}, {"7", "PENDING", "PENDING"}, {"12", "CLAIMED", "머그-1"}};

TEST(Table, EnglishIsAlignedAsItIs) {
  EXPECT_EQ(table_text(kLines, "rLl", Language("en")), align_columns(kLines, "rll"));
}

TEST(Table, KoreanIsAlignedByItsOwnWidth) {
  EXPECT_EQ(table_text(kLines, "rLl", Language("ko")),
            "번호  상태     SKU\n"
            "   7  대기     PENDING\n"
            "  12  처리 중  머그-1\n")
      << "names that people gave stay";
}

TEST(Table, APartThatIsShortIsPaddedByColumns) {
  EXPECT_EQ(padded("", 3), "   ");
  EXPECT_EQ(padded("설정", 6), "설정  ");
  EXPECT_EQ(padded("설정", 3), "설정");
}

}  // namespace
}  // namespace pipeline::cli
