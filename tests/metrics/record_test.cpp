#include "pipeline/metrics/record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::metrics {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(Labels, AreTakenApart) {
  EXPECT_THAT(parse_labels(""), IsEmpty());
  EXPECT_THAT(parse_labels("endpoint=detail;status=200"),
              ElementsAre(Pair("endpoint", "detail"), Pair("status", "200")));
  EXPECT_THAT(parse_labels("a=;b=x=y"), ElementsAre(Pair("a", ""), Pair("b", "x=y")));
}

TEST(Labels, ComeBackAsTheyWereGiven) {
  for (const char* const value : {"a;b", "a\\b", "\\", ";", "a=b", "품절, \"재입고\"", "two\nlines", ""}) {
    const LabelList labels{{"first", value}, {"second", value}};
    EXPECT_EQ(parse_labels(to_text(labels)), labels);
  }
}

TEST(Labels, BrokenTextIsNoCrash) {
  for (const char* const text : {";", ";;", "=", "a", "a;", "a=\\", "=;=", "a=b;"}) (void)parse_labels(text);
  EXPECT_THAT(parse_labels("a"), ElementsAre(Pair("a", "")));
  EXPECT_THAT(parse_labels("a=b\\"), ElementsAre(Pair("a", "b\\")));
}

TEST(Labels, HaveValuesByTheirNames) {
  const auto labels = parse_labels("endpoint=detail;status=200");
  EXPECT_EQ(value_of(labels, "status"), "200");
  EXPECT_EQ(value_of(labels, "reason"), "");
}

TEST(Kinds, ComeBackFromTheirNames) {
  for (const Kind kind : {Kind::timer, Kind::counter, Kind::gauge}) EXPECT_EQ(parse_kind(to_string(kind)), kind);
  EXPECT_EQ(to_string(Kind::gauge), "gauge");
  EXPECT_EQ(parse_kind("clock"), std::nullopt);
}

TEST(Labels, AreFoundInAnyOrder) {
  const auto labels = parse_labels("endpoint=detail;status=200");
  EXPECT_TRUE(has_labels(labels, {}));
  EXPECT_TRUE(has_labels(labels, {{"status", "200"}}));
  EXPECT_TRUE(has_labels(labels, {{"status", "200"}, {"endpoint", "detail"}}));
  EXPECT_FALSE(has_labels(labels, {{"status", "404"}}));
  EXPECT_FALSE(has_labels(labels, {{"status", "200"}, {"other", "x"}}));
}

}  // namespace
}  // namespace pipeline::metrics
