#pragma once

#include "pipeline/base/error.h"
#include "pipeline/metrics/metrics.h"

#include "../products.h"
#include "connection.h"
#include "statement.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"
#include "transaction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace pipeline::store::sqlite {

// A database of its own in a folder of its own, under a clock that is turned by hand.
class StoreTest : public ::testing::Test {
 protected:
  // The one value of the one row.
  static std::int64_t number(Connection& database, std::string_view sql) {
    Statement statement(database, "test", sql);
    const Statement::Use use(statement);
    EXPECT_TRUE(statement.step()) << sql;
    return statement.integer(0);
  }
  static std::string text(Connection& database, std::string_view sql) {
    Statement statement(database, "test", sql);
    const Statement::Use use(statement);
    EXPECT_TRUE(statement.step()) << sql;
    return statement.is_null(0) ? "NULL" : std::string(statement.text(0));
  }
  static std::vector<std::string> texts(Connection& database, std::string_view sql) {
    Statement statement(database, "test", sql);
    std::vector<std::string> values;
    while (statement.step()) values.emplace_back(statement.text(0));
    return values;
  }
  // What the call throws, as text; empty when it doesn't.
  template <typename E = Error, typename F>
  static std::string message_of(F&& call) {
    try {
      call();
    } catch (const E& error) {
      return error.what();
    }
    return {};
  }

  [[nodiscard]] static double sum_of(const metrics::Metrics& metrics, std::string_view name) {
    const auto rows = metrics.rows();
    const auto row = std::ranges::find(rows, name, &metrics::Row::metric);
    return row == rows.end() ? 0 : row->sum;
  }
  [[nodiscard]] double metric(std::string_view name) const { return sum_of(metrics_, name); }
  [[nodiscard]] std::uint64_t samples_of(std::string_view timer) const {
    const auto rows = metrics_.rows();
    const auto row = std::ranges::find(rows, timer, &metrics::Row::metric);
    return row == rows.end() ? 0 : row->count;
  }

  test::TempDir dir_;
  test::FakeClock clock_;
  metrics::Metrics metrics_{clock_};
  const std::filesystem::path path_ = dir_ / "pipeline.db";
};

}  // namespace pipeline::store::sqlite
