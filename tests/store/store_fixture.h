#pragma once

#include "pipeline/base/error.h"
#include "pipeline/base/sha256.h"
#include "pipeline/catalogue/product.h"
#include "pipeline/store/database.h"

#include "support/fake_clock.h"
#include "support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace pipeline::store {

inline Sha256 hash_of(std::string_view text) {
  return Sha256Hasher().hash(text);
}

// A product with every column filled; `content` stands for what content_hash is made of.
inline catalogue::Product make_product(std::string sku, std::string_view content = "first") {
  catalogue::Product product;
  product.sku = std::move(sku);
  product.source = "MY_STORE";
  product.origin_product_no = 100;
  product.channel_product_no = 200;
  product.seller_management_code = "CODE-1";
  product.name = "이름";
  product.status = "SALE";
  product.display_status = "ON";
  product.sale_price = 1000;
  product.discounted_price = 900;
  product.stock_quantity = 5;
  product.category_id = "50000001";
  product.category_name = "a>b";
  product.brand = "brand";
  product.manufacturer = "maker";
  product.image_url = "https://example.com/1.jpg";
  product.modified_at = "2026-04-01T16:31:02.064+09:00";
  product.list_hash = hash_of("list");
  product.content_hash = hash_of(content);
  product.list_json = R"({"row":1})";
  product.raw_json = R"({"body":1})";
  return product;
}

// A database of its own in a folder of its own, under a clock that is turned by hand.
class StoreTest : public ::testing::Test {
 protected:
  // The one value of the one row.
  static std::int64_t number(Database& database, std::string_view sql) {
    Statement statement(database, "test", sql);
    const Statement::Use use(statement);
    EXPECT_TRUE(statement.step()) << sql;
    return statement.integer(0);
  }
  static std::string text(Database& database, std::string_view sql) {
    Statement statement(database, "test", sql);
    const Statement::Use use(statement);
    EXPECT_TRUE(statement.step()) << sql;
    return statement.is_null(0) ? "NULL" : std::string(statement.text(0));
  }
  static std::vector<std::string> texts(Database& database, std::string_view sql) {
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

}  // namespace pipeline::store
