#include "batch.h"

#include "pipeline/upsert/row_merge.h"
#include "pipeline/upsert/row_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace pipeline::upsert {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

class BatchTest : public ::testing::Test {
 protected:
  void add(const std::string& line) {
    sheet::Row row;
    row.original = line;
    row.json = line;
    row.line = ++line_;
    batch_.add(row);
  }
  std::vector<std::pair<std::string, std::int64_t>> order() {
    std::vector<std::pair<std::string, std::int64_t>> told;
    for (const BatchRow* row : batch_.order(parser_, nullptr).rows) told.emplace_back(row->sku, row->line);
    return told;
  }

  RowParser parser_{"MY_STORE"};
  Batch batch_;
  std::int64_t line_ = 0;
};

TEST_F(BatchTest, RowsComeInKeyOrder) {
  add(R"({"sku":"b","sale_price":1})");
  add(R"({"sku":"a","sale_price":1})");
  add(R"({"sku":"B","sale_price":1})");
  EXPECT_THAT(order(), ElementsAre(Pair("B", 3), Pair("a", 2), Pair("b", 1)));
}

TEST_F(BatchTest, TheLastRowOfASkuStays) {
  add(R"({"sku":"a","sale_price":1})");
  add(R"({"sku":"b","sale_price":1})");
  add(R"({"sku":"a","sale_price":2})");
  add(R"({"sku":"\u0061","sale_price":3})");
  EXPECT_THAT(order(), ElementsAre(Pair("a", 4), Pair("b", 2)));
}

TEST_F(BatchTest, AKeyIsFoundWithoutParsingHoweverItIsSpelt) {
  add(R"({"sku":" a ","sale_price":1})");
  add(R"({"sku":11900000001,"sale_price":1})");
  add(R"({"sku":"1.19E+10","sale_price":1})");
  const Batch::Order& made = batch_.order(parser_, nullptr);
  ASSERT_EQ(made.rows.size(), 2U);
  EXPECT_EQ(made.rows[0]->sku, "11900000001");
  EXPECT_EQ(made.rows[1]->sku, "a");
  for (const BatchRow* row : made.rows) EXPECT_FALSE(row->parsed);
  ASSERT_EQ(made.rejected.size(), 1U);
  EXPECT_EQ(made.spellings, "");
}

TEST_F(BatchTest, RowsThatSpellOneKeyDifferentlyAreToldOnce) {
  add(R"({"sku":"a","sale_price":1})");
  add(R"({"sku":"b","sale_price":1})");
  add(R"({"sku":"a\u00a0","sale_price":2})");
  add(R"({"sku":" b","sale_price":2})");
  const Batch::Order& made = batch_.order(parser_, nullptr);
  EXPECT_EQ(made.spellings, "`a` (line 1) and `a\\u00A0` (line 3) are one product, a");
}

TEST_F(BatchTest, ALastRowThatIsFaultyDoesNotReplaceAGoodOne) {
  add(R"({"sku":"a","sale_price":1})");
  add(R"({"sku":"a","sale_price":2})");
  add(R"({"sku":"a","sale_price":"three"})");
  const Batch::Order& made = batch_.order(parser_, nullptr);
  ASSERT_EQ(made.rows.size(), 1U);
  EXPECT_EQ(made.rows[0]->line, 2);
  ASSERT_EQ(made.rejected.size(), 1U);
  EXPECT_EQ(made.rejected[0]->line, 3);
  ASSERT_NE(made.rows[0]->earlier, nullptr);
  EXPECT_EQ(made.rows[0]->earlier->line, 1);
  EXPECT_EQ(made.rows[0]->earlier->earlier, nullptr);
}

TEST_F(BatchTest, ALaterRowKeepsWhatOnlyTheEarlierOnesSay) {
  RowMerge merge;
  RowParser parts("MY_STORE", RowParser::Says::part);
  add(R"({"sku":"a","name":"n","sale_price":1})");
  add(R"({"sku":"b","name":"m"})");
  add(R"({"sku":"a","stock_quantity":2})");
  add(R"({"sku":"a","salePrice":3,"brand":null})");
  const Batch::Order& made = batch_.order(parts, &merge);
  ASSERT_EQ(made.rows.size(), 2U);
  EXPECT_EQ(made.rows[0]->line, 4);
  EXPECT_EQ(made.rows[0]->product.name, "n");
  EXPECT_EQ(made.rows[0]->product.sale_price, 3);
  EXPECT_EQ(made.rows[0]->product.stock_quantity, 2);
  EXPECT_EQ(made.rows[0]->json, R"({"name":"n","stock_quantity":2,"sku":"a","salePrice":3,"brand":null})");
  EXPECT_EQ(made.rows[0]->original, R"({"sku":"a","salePrice":3,"brand":null})");
  EXPECT_EQ(made.rows[0]->earlier->line, 3);
  EXPECT_EQ(made.rows[0]->earlier->earlier->line, 1);
  EXPECT_EQ(made.rows[1]->earlier, nullptr);
}

TEST_F(BatchTest, RowsOfDifferentSourcesStayApart) {
  add(R"({"sku":"a","sale_price":1})");
  add(R"({"sku":"a","sale_price":2})");
  add(R"({"sku":"a","source":"OTHER"})");
  EXPECT_THAT(order(), ElementsAre(Pair("a", 2), Pair("a", 3)));
}

TEST_F(BatchTest, RejectedRowsStandInTheOrderOfTheFile) {
  add("no json");
  add(R"({"sku":"a","sale_price":"x"})");
  add(R"({"sku":"a","sale_price":"y"})");
  add("{}");
  const Batch::Order& made = batch_.order(parser_, nullptr);
  EXPECT_TRUE(made.rows.empty());
  std::vector<std::int64_t> lines;
  for (const BatchRow* row : made.rejected) lines.push_back(row->line);
  EXPECT_THAT(lines, ElementsAre(1, 2, 3, 4));
}

TEST_F(BatchTest, AnEmptiedBatchIsLikeNew) {
  add(R"({"sku":"a","sale_price":"x"})");
  add(R"({"sku":"b","sale_price":1,"name":"n"})");
  batch_.parse(parser_);
  (void)batch_.order(parser_, nullptr);
  batch_.clear();
  EXPECT_TRUE(batch_.empty());
  EXPECT_EQ(batch_.bytes(), 0U);
  add(R"({"sku":"c","sale_price":2})");
  batch_.parse(parser_);
  EXPECT_THAT(order(), ElementsAre(Pair("c", 3)));
  EXPECT_EQ(batch_.order(parser_, nullptr).rows.front()->product.name, std::nullopt);
}

TEST(Arena, TextsStayWhereTheyAreWhileItGrows) {
  Arena arena;
  std::vector<std::pair<std::string, std::string_view>> kept;
  for (int i = 0; i < 5000; ++i) {
    std::string text(static_cast<std::size_t>(i), static_cast<char>('a' + i % 26));
    const std::string_view view = arena.keep(text);
    kept.emplace_back(std::move(text), view);
  }
  const std::string large(3 << 20, 'L');
  EXPECT_EQ(arena.keep(large), large);
  for (const auto& [text, view] : kept) EXPECT_EQ(view, text);
  arena.clear();
  EXPECT_EQ(arena.keep("x"), "x");
}

}  // namespace
}  // namespace pipeline::upsert
