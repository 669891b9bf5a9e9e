#include "pipeline/catalogue/source_identity.h"

#include <gtest/gtest.h>

namespace pipeline::catalogue {
namespace {

TEST(SourceIdentity, IsToldByTheEndsOfTheIds) {
  EXPECT_EQ(to_text(SourceIdentity{"MY_STORE", {}, "aaaa", ""}), "application …aaaa");
  EXPECT_EQ(to_text(SourceIdentity{"MY_STORE", {}, "aaaa", "bbbb"}), "application …aaaa, account …bbbb");
}

}  // namespace
}  // namespace pipeline::catalogue
