#include "postgres/connection.h"

#include "pipeline/base/error.h"

#include "server_fixture.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace pipeline::store::postgres {
namespace {

using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ServerConnectionTest : public ServerTest {
 protected:
  static Statement put(std::int64_t version) {
    return {"note a version", "INSERT INTO @schema_version (version) VALUES ($1)", Values::of(version)};
  }
  static std::vector<std::int64_t> versions(Connection& connection) {
    std::vector<std::int64_t> all;
    connection.each_row("read the versions", "SELECT version FROM @schema_version WHERE version < 0 ORDER BY version",
                        {}, [&](const Row& row) { all.push_back(row.integer(0)); });
    return all;
  }
  // Ends the server's side of a connection, as a restart of the server does.
  void cut(Connection& connection) {
    const std::int64_t pid = connection.ask("ask who we are", "SELECT pg_backend_pid()").integer(0, 0);
    (void)connect(Mode::any_schema)->ask("cut", "SELECT pg_terminate_backend($1::int)", Values::of(pid));
  }
};

TEST_F(ServerConnectionTest, WhatIsAskedAtOnceIsAnsweredInOrder) {
  const Statement statements[] = {{"one", "SELECT 1::bigint"}, {"two", "SELECT $1", Values::of(2)}};
  const auto answers = connect()->ask(statements);
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].integer(0, 0), 1);
  EXPECT_EQ(answers[1].integer(0, 0), 2);
}

TEST_F(ServerConnectionTest, AFaultNamesTheDatabaseAndThePurposeAndLeavesTheConnectionWhole) {
  const auto connection = connect();
  EXPECT_THAT(message_of([&] { (void)connection->ask("look for what is not there", "SELECT * FROM @nothing"); }),
              AllOf(HasSubstr(address_.name), HasSubstr("look for what is not there"), HasSubstr("does not exist")));
  EXPECT_EQ(connection->ask("one", "SELECT 1::bigint").integer(0, 0), 1);
}

TEST_F(ServerConnectionTest, ATransactionIsAllOrNothing) {
  const auto connection = connect();
  EXPECT_NE(message_of([&] {
              connection->write([&](Transaction& transaction) {
                (void)transaction.ask({put(-1)});
                throw Error("in the middle");
              });
            }),
            "");
  EXPECT_NE(message_of([&] {
              connection->write([&](Transaction& transaction) {
                (void)transaction.commit({put(-1), {"fail", "SELECT 1 / 0"}});
              });
            }),
            "");
  EXPECT_THAT(versions(*connection), ElementsAre());
  connection->write([&](Transaction& transaction) { (void)transaction.ask({put(-2)}); });
  connection->write([&](Transaction& transaction) { (void)transaction.commit({put(-1)}); });
  EXPECT_THAT(versions(*connection), ElementsAre(-2, -1));
}

TEST_F(ServerConnectionTest, ALostConnectionIsMadeAnew) {
  const auto connection = connect();
  cut(*connection);
  EXPECT_EQ(connection->ask("one", "SELECT 1::bigint").integer(0, 0), 1);
  cut(*connection);
  connection->write([&](Transaction& transaction) { (void)transaction.commit({put(-1)}); });
  EXPECT_THAT(versions(*connection), ElementsAre(-1));
}

TEST_F(ServerConnectionTest, ATransactionThatIsCutInTheMiddleIsDoneAgainAsAWhole) {
  const auto connection = connect();
  int attempts = 0;
  connection->write([&](Transaction& transaction) {
    ++attempts;
    (void)transaction.ask({put(-attempts)});
    if (attempts == 1)
      (void)transaction.ask({{"end our own connection", "SELECT pg_terminate_backend(pg_backend_pid())"}});
    (void)transaction.commit({put(-10)});
  });
  EXPECT_EQ(attempts, 2);
  EXPECT_THAT(versions(*connection), ElementsAre(-10, -2));
}

TEST_F(ServerConnectionTest, WhatOthersHoldForTooLongIsForLater) {
  const auto holder = connect();
  const auto waiter = connect(Mode::read_write, nullptr, milliseconds(50));
  holder->write([&](Transaction& transaction) {
    (void)transaction.ask({put(-1)});
    EXPECT_THAT(
        message_of<TryLaterError>([&] { waiter->write([&](Transaction& other) { (void)other.commit({put(-1)}); }); }),
        HasSubstr("others are writing to it"));
  });
  EXPECT_THAT(versions(*holder), ElementsAre(-1));
}

TEST_F(ServerConnectionTest, WhoReadsManyRowsSeesOneMoment) {
  const auto connection = connect();
  connection->write([&](Transaction& transaction) {
    (void)transaction.commit(
        {{"note versions", "INSERT INTO @schema_version SELECT -n FROM generate_series(1, 3000) AS n"}});
  });
  int seen = 0;
  connection->each_row("read", "SELECT version FROM @schema_version WHERE version < 0", {}, [&](const Row&) {
    if (++seen == 1)
      connection->write([&](Transaction& transaction) {
        (void)transaction.commit({{"forget", "DELETE FROM @schema_version WHERE version < 0"}});
      });
  });
  EXPECT_EQ(seen, 3000);
}

TEST(ServerError, WhatIsSaidOfTwoAttemptsIsToldOnce) {
  EXPECT_EQ(in_one_line("no password\n\tin the file\nno password\n\tin the file\nnone\n"),
            "no password in the file none");
  EXPECT_EQ(in_one_line(""), "");
}

}  // namespace
}  // namespace pipeline::store::postgres
