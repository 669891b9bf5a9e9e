#include "store_fixture.h"

#include <sqlite3.h>

namespace pipeline::store::sqlite {
namespace {

class StatementTest : public StoreTest {
 protected:
  Connection database_{path_, Connection::Mode::read_write, clock_, &metrics_};
};

TEST_F(StatementTest, BindsEveryKindOfValue) {
  Statement statement(database_, "test", "SELECT typeof(?1), ?1");
  const auto kind = [&] {
    EXPECT_TRUE(statement.step());
    std::string name(statement.text(0));
    statement.reset();
    return name;
  };
  const std::string text = "t";
  const Sha256 hash = hash_of("x");
  const std::optional<std::string> some = "s";
  const std::optional<std::int64_t> none;
  EXPECT_EQ((statement.bind(1, std::int64_t{1} << 40), kind()), "integer");
  EXPECT_EQ((statement.bind(1, text), kind()), "text");
  EXPECT_EQ((statement.bind(1, "literal"), kind()), "text");
  EXPECT_EQ((statement.bind(1, hash), kind()), "blob");
  EXPECT_EQ((statement.bind(1, clock_.wall()), kind()), "integer");
  EXPECT_EQ((statement.bind(1, some), kind()), "text");
  EXPECT_EQ((statement.bind(1, none), kind()), "null");
  EXPECT_EQ((statement.bind(1, std::nullopt), kind()), "null");
}

TEST_F(StatementTest, AnEmptyValueIsNotNull) {
  Statement statement(database_, "test", "SELECT typeof(?1), typeof(?2)");
  statement.bind(1, std::string_view()).bind(2, std::span<const std::uint8_t>());
  const Statement::Use use(statement);
  ASSERT_TRUE(statement.step());
  EXPECT_EQ(statement.text(0), "text");
  EXPECT_EQ(statement.text(1), "blob");
}

TEST_F(StatementTest, TextMayHoldAnyBytes) {
  Statement statement(database_, "test", "SELECT ?1");
  const std::string bytes("a\0b", 3);
  statement.bind(1, bytes);
  const Statement::Use use(statement);
  ASSERT_TRUE(statement.step());
  EXPECT_EQ(statement.text(0), bytes);
}

TEST_F(StatementTest, ErrorsNameTheFileThePurposeAndTheReason) {
  EXPECT_THAT(message_of([&] { Statement(database_, "look around", "SELECT * FROM nowhere"); }),
              ::testing::AllOf(::testing::HasSubstr("pipeline.db: look around: no such table: nowhere")));

  Statement statement(database_, "note a state", "INSERT INTO state (key, value) VALUES ('k', 1)");
  statement.run();
  EXPECT_THAT(message_of([&] { statement.run(); }),
              ::testing::HasSubstr("pipeline.db: note a state: UNIQUE constraint failed: state.key (SQLite 1555)"));
}

TEST_F(StatementTest, CanBeUsedAgainAfterAnError) {
  Statement statement(database_, "test", "INSERT INTO state (key, value) VALUES (?1, 1)");
  statement.bind(1, "a").run();
  EXPECT_THROW(statement.bind(1, "a").run(), Error);
  statement.bind(1, "b").run();
  EXPECT_EQ(number(database_, "SELECT count(*) FROM state"), 2);
}

TEST_F(StatementTest, UseEndsTheReadSnapshot) {
  Statement statement(database_, "test", "SELECT name FROM sqlite_schema");
  try {
    const Statement::Use use(statement);
    ASSERT_TRUE(statement.step());
    throw Error("on the way");
  } catch (const Error&) {
  }
  EXPECT_EQ(sqlite3_txn_state(database_.handle(), "main"), SQLITE_TXN_NONE);
}

}  // namespace
}  // namespace pipeline::store::sqlite
