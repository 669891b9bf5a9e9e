#include "pipeline/catalogue/leaf_diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::catalogue {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

Leaves leaves_of(std::string_view json) {
  simdjson::dom::parser parser;
  const simdjson::dom::element value = parser.parse(json.data(), json.size());
  Leaves leaves;
  collect_leaves(value, "", leaves);
  return leaves;
}

// Each change as `field: before -> after`, with a mark for what the reason was asked of.
std::vector<std::string> told(std::string_view before, std::string_view after) {
  const auto reason_of = [](std::string_view path) { return path == "price" ? Reason::price : Reason::content; };
  std::vector<std::string> lines;
  for (const Change& c : diff_leaves(leaves_of(before), leaves_of(after), reason_of))
    lines.push_back(std::string(to_string(c.reason)) + " " + c.field + ": " + c.before + " -> " + c.after);
  return lines;
}

TEST(CollectLeaves, TheirPathsAreMembersAndPlaces) {
  EXPECT_THAT(leaves_of(R"({"a":{"b":1,"c":[true,{"d":"x"}]},"e":2.50})"),
              ElementsAre(Pair("a.b", "1"), Pair("a.c[0]", "true"), Pair("a.c[1].d", R"("x")"), Pair("e", "2.5")));
}

TEST(CollectLeaves, EntriesWithAnIdAreNamedByIt) {
  EXPECT_THAT(leaves_of(R"([{"id":7,"a":1},{"id":"x","a":2}])"),
              ElementsAre(Pair("[1].a", "2"), Pair("[1].id", R"("x")"), Pair("[id=7].a", "1"), Pair("[id=7].id", "7")));
}

TEST(CollectLeaves, NullsAndEmptyHoldersHaveNone) {
  EXPECT_THAT(leaves_of(R"({"a":null,"b":[],"c":{},"d":[null,1]})"), ElementsAre(Pair("d[1]", "1")));
}

TEST(CollectLeaves, TheLastOfDoubledKeysCounts) {
  EXPECT_THAT(leaves_of(R"({"a":1,"a":2})"), ElementsAre(Pair("a", "2")));
}

TEST(CollectLeaves, APathMayBeginElsewhere) {
  simdjson::dom::parser parser;
  const std::string json = R"({"a":[1]})";
  Leaves leaves;
  collect_leaves(parser.parse(json), "options", leaves);
  EXPECT_THAT(leaves, ElementsAre(Pair("options.a[0]", "1")));
}

TEST(DiffLeaves, TellsWhatWentOrChangedAndThenWhatCame) {
  EXPECT_THAT(told(R"({"a":1,"gone":2,"price":5,"same":[1,2]})", R"({"came":"n","a":3,"price":6,"same":[1,2]})"),
              ElementsAre("CONTENT a: 1 -> 3", "CONTENT gone: 2 -> null", "PRICE price: 5 -> 6",
                          R"(CONTENT came: null -> "n")"));
}

TEST(DiffLeaves, AnEntryPutInFrontIsAllThatDiffers) {
  EXPECT_THAT(told(R"([{"id":1,"a":1},{"id":2,"a":2}])", R"([{"id":3,"a":3},{"id":1,"a":1},{"id":2,"a":2}])"),
              ElementsAre("CONTENT [id=3].a: null -> 3", "CONTENT [id=3].id: null -> 3"));
}

TEST(DiffLeaves, FindsNothingBetweenTwoSpellings) {
  EXPECT_THAT(told(R"({"a":1.0,"b":"\u0041","c":null})", R"({"b":"A","a":1})"), IsEmpty());
}

}  // namespace
}  // namespace pipeline::catalogue
