#include "pipeline/naver/signature.h"

#include "pipeline/base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::naver {
namespace {

// The API page's own vector.
TEST(Signature, GivesTheDocumentedVector) {
  EXPECT_EQ(sign("aaaabbbbcccc", "$2a$10$abcdefghijklmnopqrstuv", 1643961623299),
            "JDJhJDEwJGFiY2RlZmdoaWprbG1ub3BxcnN0dXVCVldZSk42T0VPdEx1OFY0cDQxa2IuTnpVaUEzbmsy");
}

TEST(Signature, DependsOnEachPart) {
  const std::string secret = "$2a$04$abcdefghijklmnopqrstuv";
  const auto signature = sign("client", secret, 1);
  EXPECT_EQ(sign("client", secret, 1), signature);
  EXPECT_NE(sign("client", secret, 2), signature);
  EXPECT_NE(sign("other", secret, 1), signature);
  EXPECT_NE(sign("client", "$2a$04$bbcdefghijklmnopqrstuv", 1), signature);
}

TEST(Signature, RefusesASecretThatIsNoSaltWithoutNamingIt) {
  for (const std::string secret : {"", "a0bcdefghijklmnopqrstuv", "$2a$99$abcdefghijklmnopqrstuv", "*0"})
    EXPECT_THAT([&] { (void)sign("client", secret, 1); },
                testing::ThrowsMessage<UsageError>(testing::AllOf(testing::HasSubstr("NAVER_COMMERCE_CLIENT_SECRET"),
                                                                  testing::Not(testing::HasSubstr("abcdefgh")))))
        << secret;
}

}  // namespace
}  // namespace pipeline::naver
