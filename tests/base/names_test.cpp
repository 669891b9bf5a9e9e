#include "pipeline/base/names.h"

#include <gtest/gtest.h>

namespace pipeline {
namespace {

enum class Colour { red, green };
constexpr auto kColours = names_of<Colour>("red", "green");

TEST(Names, LeadBothWays) {
  static_assert(kColours[Colour::green] == "green");
  EXPECT_EQ(kColours.find("red"), Colour::red);
  EXPECT_EQ(kColours.find("Red"), std::nullopt);
  EXPECT_EQ(kColours.find(""), std::nullopt);
}

}  // namespace
}  // namespace pipeline
