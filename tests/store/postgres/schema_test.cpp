#include "postgres/schema.h"

#include "pipeline/base/error.h"

#include "server_fixture.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace pipeline::store::postgres {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SchemaTest : public ServerTest {
 protected:
  std::int64_t tables() {
    return connect(Mode::any_schema)
        ->ask("count", "SELECT count(*) FROM pg_tables WHERE schemaname = $1", Values::of(address_.schema))
        .integer(0, 0);
  }
};

TEST_F(SchemaTest, IsMadeByTheFirstWhoWrites) {
  EXPECT_EQ(schema_version(*connect(Mode::any_schema)), 0);
  EXPECT_EQ(schema_version(*connect()), kSchemaVersion);
  const auto made = tables();
  EXPECT_GT(made, 8);
  EXPECT_EQ(schema_version(*connect()), kSchemaVersion);
  EXPECT_EQ(tables(), made);
}

TEST_F(SchemaTest, ManyWhoComeAtOnceMakeItOnce) {
  std::vector<std::string> failures(6);
  std::vector<std::thread> runs;
  for (std::string& failure : failures) runs.emplace_back([&] { failure = message_of([&] { (void)connect(); }); });
  for (auto& run : runs) run.join();
  EXPECT_THAT(failures, ::testing::Each(IsEmpty()));
  EXPECT_EQ(connect()->ask("count", "SELECT count(*) FROM @schema_version").integer(0, 0), 1);
}

TEST_F(SchemaTest, WhoOnlyReadsMakesNone) {
  EXPECT_FALSE(connect(Mode::read_only)->has_store());
  EXPECT_EQ(tables(), 0);
  (void)connect();
  EXPECT_TRUE(connect(Mode::read_only)->has_store());
}

// Made by another run between two looks, it would be taken for another program's.
TEST_F(SchemaTest, IsLookedForAtOneMoment) {
  const auto connection = connect(Mode::any_schema);
  const auto before = connection->round_trips();
  EXPECT_EQ(schema_version(*connection), 0);
  EXPECT_EQ(connection->round_trips() - before, 1);
}

TEST_F(SchemaTest, OfAnotherProgramIsLeftAlone) {
  const auto other = connect(Mode::bare);
  make_schema(*other);
  (void)other->ask("make another's table", "CREATE TABLE @products (id int)");
  for (const Mode mode : {Mode::read_write, Mode::read_only})
    EXPECT_THAT(message_of<UsageError>([&] { (void)connect(mode); }), HasSubstr("holds tables of another program"));
  EXPECT_EQ(tables(), 1);
}

TEST_F(SchemaTest, NewerThanTheProgramIsRefused) {
  (void)connect()->ask("be newer", "INSERT INTO @schema_version VALUES (99)");
  for (const Mode mode : {Mode::read_write, Mode::read_only})
    EXPECT_THAT(message_of([&] { (void)connect(mode); }), HasSubstr("written by a newer pipeline (schema 99"));
}

TEST_F(SchemaTest, ItsSizeIsToldWithItsIndexes) {
  EXPECT_EQ(size_of_store(*connect(Mode::any_schema)), 0U);
  EXPECT_GT(size_of_store(*connect()), 100'000U);
}

}  // namespace
}  // namespace pipeline::store::postgres
