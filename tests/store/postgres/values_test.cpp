#include "postgres/values.h"

#include "server_fixture.h"

#include <array>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::store::postgres {
namespace {

using namespace std::string_view_literals;
using ::testing::ElementsAre;
using ::testing::Optional;

// Through the server and back: what it makes of them is what counts.
class ValuesTest : public ServerTest {
 protected:
  Result ask(std::string_view sql, Values values) {
    return connect(Mode::any_schema)->ask("ask", sql, std::move(values));
  }
};

TEST_F(ValuesTest, EveryKindComesBackAsItWas) {
  const std::array<std::uint8_t, 4> bytes{0, 1, 0xFE, 0xFF};
  const WallTime time(std::chrono::milliseconds(1'774'999'999'123));
  const Result row =
      ask("SELECT $1, $2, $3, $4, $5, $6", Values::of("글 ' \" \\ @x", std::numeric_limits<std::int64_t>::min(), true,
                                                      std::span<const std::uint8_t>(bytes), time, ""));
  EXPECT_EQ(row.text(0, 0), "글 ' \" \\ @x");
  EXPECT_EQ(row.integer(0, 1), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(row.integer(0, 2), 1);
  EXPECT_THAT(row.bytes(0, 3), ElementsAre(0, 1, 0xFE, 0xFF));
  EXPECT_EQ(Row(row, 0).time(4), time);
  EXPECT_FALSE(row.is_null(0, 5));
  EXPECT_EQ(row.text(0, 5), "");
}

TEST_F(ValuesTest, NumbersOfEverySizeAreRead) {
  const Result row = ask("SELECT (-2)::smallint, (-3)::integer, 300::integer, false", {});
  EXPECT_EQ(row.integer(0, 0), -2);
  EXPECT_EQ(row.integer(0, 1), -3);
  EXPECT_EQ(row.integer(0, 2), 300);
  EXPECT_EQ(row.integer(0, 3), 0);
}

TEST_F(ValuesTest, WhatIsAbsentIsNull) {
  const Result row =
      ask("SELECT $1::text, $2::bigint", Values::of(std::optional<std::string>(), std::optional<std::int64_t>()));
  EXPECT_TRUE(row.is_null(0, 0));
  EXPECT_TRUE(row.is_null(0, 1));
  EXPECT_EQ(Row(row, 0).time_or_none(1), std::nullopt);
}

TEST_F(ValuesTest, WhatNoTextCanBeIsMarked) {
  const Result row = ask("SELECT $1, $2", Values::of("a\0b\0"sv, "c\xFF\0d"sv));
  EXPECT_EQ(row.text(0, 0), "a\uFFFDb\uFFFD");
  EXPECT_EQ(row.text(0, 1), "c\uFFFD\uFFFDd");
}

TEST_F(ValuesTest, ColumnsBecomeRows) {
  Column texts(Column::Type::text);
  Column numbers(Column::Type::number);
  Column blobs(Column::Type::bytes);
  const std::array<std::uint8_t, 2> bytes{0, 0xFF};
  texts.add("{\"a\",NULL}");
  texts.add("x\0y"sv);
  texts.add(std::nullopt);
  numbers.add(std::int64_t{-1});
  numbers.add(std::nullopt);
  numbers.add(WallTime(std::chrono::milliseconds(5)));
  blobs.add(std::nullopt);
  blobs.add(std::span<const std::uint8_t>(bytes));
  blobs.add(std::span<const std::uint8_t>());
  const Result rows =
      ask("SELECT * FROM unnest($1::text[], $2::bigint[], $3::bytea[])", Values::of(texts, numbers, blobs));
  ASSERT_EQ(rows.rows(), 3);
  EXPECT_EQ(rows.text(0, 0), "{\"a\",NULL}");
  EXPECT_EQ(rows.text(1, 0), "x\uFFFDy");
  EXPECT_TRUE(rows.is_null(2, 0));
  EXPECT_EQ(rows.integer(0, 1), -1);
  EXPECT_TRUE(rows.is_null(1, 1));
  EXPECT_EQ(rows.integer(2, 1), 5);
  EXPECT_TRUE(rows.is_null(0, 2));
  EXPECT_THAT(rows.bytes(1, 2), ElementsAre(0, 0xFF));
  EXPECT_FALSE(rows.is_null(2, 2));
}

TEST_F(ValuesTest, AColumnOfNothingIsNoRow) {
  EXPECT_EQ(ask("SELECT * FROM unnest($1::text[])", Values::of(Column(Column::Type::text))).rows(), 0);
}

}  // namespace
}  // namespace pipeline::store::postgres
