#include "pipeline/http/message.h"

#include <gtest/gtest.h>

namespace pipeline::http {
namespace {

TEST(Headers, AreFoundInAnyCase) {
  Headers headers;
  headers.add("gncp-gw-ratelimit-Remaining", "3");
  EXPECT_EQ(headers.find("GNCP-GW-RateLimit-Remaining"), "3");
  EXPECT_EQ(headers.find("GNCP-GW-RateLimit"), std::nullopt);
}

TEST(Headers, TheLastOfSeveralWins) {
  Headers headers;
  headers.add("A", "1");
  headers.add("a", "2");
  headers.add("B", "");
  EXPECT_EQ(headers.find("A"), "2");
  EXPECT_EQ(headers.find("b"), "");
  headers.clear();
  EXPECT_EQ(headers.find("A"), std::nullopt);
}

}  // namespace
}  // namespace pipeline::http
