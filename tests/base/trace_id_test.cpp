#include "pipeline/base/trace_id.h"

#include <gtest/gtest.h>

#include <set>

namespace pipeline {
namespace {

TEST(TraceId, Is32LowerCaseHexDigitsNotAllZero) {
  EXPECT_TRUE(is_trace_id("4bf92f3577b34da6a3ce929d0e0e4736"));
  EXPECT_TRUE(is_trace_id("00000000000000000000000000000001"));
  EXPECT_FALSE(is_trace_id(""));
  EXPECT_FALSE(is_trace_id("00000000000000000000000000000000"));
  EXPECT_FALSE(is_trace_id("4BF92F3577B34DA6A3CE929D0E0E4736"));
  EXPECT_FALSE(is_trace_id("4bf92f3577b34da6a3ce929d0e0e473"));
  EXPECT_FALSE(is_trace_id("4bf92f3577b34da6a3ce929d0e0e47366"));
  EXPECT_FALSE(is_trace_id("4bf92f3577b34da6a3ce929d0e0e473g"));
}

TEST(TraceId, EachOneMadeIsValidAndNew) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) {
    const auto id = make_trace_id();
    EXPECT_TRUE(is_trace_id(id)) << id;
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 1000U);
}

}  // namespace
}  // namespace pipeline
