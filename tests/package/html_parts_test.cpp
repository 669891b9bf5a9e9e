#include "link.h"
#include "words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::package {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Link, IsJudgedByItsSchemeAsABrowserReadsIt) {
  using Kind = Link::Kind;
  const auto kind = [](std::string_view address) { return read_link(address).kind; };
  EXPECT_EQ(kind("HTTPS://a.example"), Kind::good);
  EXPECT_EQ(kind(" http://a.example\n"), Kind::good);
  EXPECT_EQ(kind("java\r\n\tscript:x"), Kind::script);
  EXPECT_EQ(kind("\x01 VBScript:x"), Kind::script);
  EXPECT_EQ(kind("data:,x"), Kind::script);
  EXPECT_EQ(kind("#a"), Kind::fragment);
  for (const std::string_view nowhere :
       {"", "a.html", "/a", "//a.example", "?a:b", "ftp://a", "file:///a", "1http:x", ":x"})
    EXPECT_EQ(kind(nowhere), Kind::unusable) << nowhere;
}

TEST(Link, LeadsWhereTheAuthorWrote) {
  EXPECT_EQ(read_link("https://a.example/한글?q=a+b&c=%20#d").address, "https://a.example/한글?q=a+b&c=%20#d");
  EXPECT_EQ(read_link(" https://a.example/b c\"d\n ").address, "https://a.example/b%20c%22d");
}

TEST(Words, AreWhatIsBetweenSpaceAndPunctuation) {
  EXPECT_THAT(words_of("보냉 텀블러(500ml), [A/S] ★3+1★ — \U0001F600 BIG!"),
              ElementsAre(U"보냉", U"텀블러", U"500ml", U"a/s", U"3+1", U"big"));
  EXPECT_THAT(words_of(" -/~ ★ "), IsEmpty());
}

TEST(PlainName, IsShortenedAtAWord) {
  EXPECT_EQ(plain_name("[무료배송] ★보냉★ 텀블러 보냉 텀블러, 대용량!", 60), "무료배송 보냉 텀블러 대용량");
  EXPECT_EQ(plain_name("하나 둘 셋 넷", 7), "하나 둘 셋");
  EXPECT_EQ(plain_name("하나 둘 셋 넷", 5), "하나 둘");
  EXPECT_EQ(plain_name("가나다라마바사", 3), "가나다");
  EXPECT_EQ(plain_name("\u200B★", 3), "");
}

}  // namespace
}  // namespace pipeline::package
