#include "natural_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace pipeline::package {
namespace {

TEST(NaturalOrder, SortsAsPeopleDo) {
  const std::vector<std::string> sorted = {"",
                                           "01.jpg",
                                           "1.jpg",
                                           "2.jpg",
                                           "9.jpg",
                                           "10.jpg",
                                           "99999999999999999999.jpg",
                                           "100000000000000000000.jpg",
                                           "A.jpg",
                                           "a.jpg",
                                           "a1b2",
                                           "a1b10",
                                           "a2b1",
                                           "B.jpg",
                                           "b.jpg",
                                           "사과 2.jpg",
                                           "사과 10.jpg"};
  std::vector<std::string> names = sorted;
  std::mt19937 random(5);
  for (int round = 0; round < 50; ++round) {
    std::ranges::shuffle(names, random);
    std::ranges::sort(names, natural_less);
    EXPECT_EQ(names, sorted);
  }
}

TEST(NaturalOrder, NoNameComesBeforeItself) {
  for (const char* name : {"", "0", "00", "a", "1a"}) EXPECT_FALSE(natural_less(name, name)) << name;
}

}  // namespace
}  // namespace pipeline::package
