#include "pipeline/store/removal_limit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::store {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::int64_t allowed(std::string_view text, std::int64_t known) {
  return parse_removal_limit(text)->allowed(known);
}

TEST(RemovalLimit, ByDefaultIsATenthAndAtLeastTen) {
  const RemovalLimit limit;
  EXPECT_EQ(limit.allowed(0), 10);
  EXPECT_EQ(limit.allowed(109), 10);
  EXPECT_EQ(limit.allowed(119), 11);
  EXPECT_EQ(limit.allowed(164), 16);
  EXPECT_EQ(limit.allowed(100'000), 10'000);
}

TEST(RemovalLimit, TakesWhatIsGivenAtItsWord) {
  EXPECT_EQ(allowed("0", 164), 0);
  EXPECT_EQ(allowed("0%", 164), 0);
  EXPECT_EQ(allowed("25", 3), 25);
  EXPECT_EQ(allowed("10%", 20), 2);
  EXPECT_EQ(allowed("10%", 9), 0);
  EXPECT_EQ(allowed("100%", 164), 164);
}

TEST(RemovalLimit, ASharesFractionIsExact) {
  EXPECT_EQ(allowed("29%", 100), 29);
  EXPECT_EQ(allowed("0.7%", 1000), 7);
  EXPECT_EQ(allowed("12.5%", 8), 1);
  EXPECT_EQ(allowed("33%", 1'000'000'000), 330'000'000);
}

TEST(RemovalLimit, RefusesWhatIsNeither) {
  for (const auto* text : {"", "%", "-1", "-1%", "101%", "1.5", "ten", "10 %", "1e3", "nan%", "5%%", "+5", "0x10",
                           "99999999999999999999", "1.2.3%"})
    EXPECT_FALSE(parse_removal_limit(text)) << text;
}

TEST(RemovalLimit, IsWrittenAsItIsGiven) {
  EXPECT_EQ(to_string(RemovalLimit{}), "10%");
  for (const auto* text : {"0", "25", "0%", "12.5%", "100%"}) EXPECT_EQ(to_string(*parse_removal_limit(text)), text);
}

TEST(HeldBackRemovals, SayHowManyWhichAndWhatToDo) {
  const HeldBackRemovals held_back{{}, 1640, 1200, {{"11900000001", "머그컵"}, {"11900000002", ""}}};
  EXPECT_EQ(
      to_text(held_back, "are missing from the list"),
      "1,200 of 1,640 known products are missing from the list; --max-removals 10% allows 164, so none was marked "
      "as removed. They are: 머그컵 (11900000001), 11900000002 and 1,198 more. If they are gone indeed, run once "
      "with --max-removals 1200");
  EXPECT_THAT(to_text({*parse_removal_limit("0"), 5, 1, {{"1", "cup"}}}, "are gone"),
              AllOf(HasSubstr("--max-removals 0 allows 0"), Not(HasSubstr("more"))));
}

}  // namespace
}  // namespace pipeline::store
