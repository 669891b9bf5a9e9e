#include "queue_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

// done, fail and retry, and what they are told when it goes wrong.
namespace pipeline::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class QueueMoveCommand : public ::testing::Test {
 protected:
  QueueStand stand;
};

TEST_F(QueueMoveCommand, EachRefusedEntryIsNamedAndTheOthersAreDone) {
  stand.fill(3);
  EXPECT_THAT(stand.claim("A"), ElementsAre(1));
  EXPECT_THAT(stand.claim("B"), ElementsAre(2));
  const Outcome outcome = stand.run({"done", "1", "2", "3", "9", "--worker", "A", "--json"});
  EXPECT_EQ(outcome.exit_code, 3);
  const auto summary = json::parse(outcome.out);
  EXPECT_EQ(summary["command"], "queue done");
  EXPECT_EQ(summary["status"], "partial");
  EXPECT_EQ(summary["exit_code"], 3);
  EXPECT_EQ(summary["done"], json::parse("[1]"));
  ASSERT_EQ(summary["refused"].size(), 3U);
  EXPECT_EQ(summary["refused"][0]["id"], 2);
  EXPECT_THAT(summary["refused"][0]["error"], HasSubstr("entry 2 is claimed by B since 20"));
  EXPECT_EQ(summary["refused"][1]["error"], "entry 3 is PENDING: A does not hold it");
  EXPECT_EQ(summary["refused"][2]["error"], "there is no entry 9");
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("entry 2 is claimed by B since"), HasSubstr("there is no entry 9")));
}

TEST_F(QueueMoveCommand, WhatWasDoneBeforeIsFine) {
  stand.fill(2);
  EXPECT_EQ(stand.run({"done", "1"}).out, "1 done\n");
  const Outcome outcome = stand.run({"done", "1", "2"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, "1 done, 1 done before\n");
}

TEST_F(QueueMoveCommand, IdsMayComeOnStandardInput) {
  stand.fill(5);
  EXPECT_EQ(stand.shell("printf '2\\n\\n4 \\r\\n5' | $queue done 1 -").wait().out, "4 done\n");
  EXPECT_EQ(stand.value("SELECT group_concat(id) FROM refresh_queue WHERE status = 'PENDING'"), "3");
  const Outcome none = stand.shell("$queue done - < /dev/null").wait();
  EXPECT_EQ(none.exit_code, 0);
  EXPECT_EQ(none.out, "no entries\n");
  const Outcome wrong = stand.shell("printf '3\\nthree\\n' | $queue done -").wait();
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("standard input, line 2: three: no id of a queue entry"));
  EXPECT_EQ(stand.value("SELECT count(*) FROM refresh_queue WHERE status = 'PENDING'"), "1");
}

TEST_F(QueueMoveCommand, WhatFailsComesBackAndEndsAsFailed) {
  stand.fill(1);
  EXPECT_THAT(stand.claim("A"), ElementsAre(1));
  EXPECT_EQ(stand.run({"fail", "1", "--reason", "no picture", "--max-attempts", "2"}).out, "1 waiting again\n");
  EXPECT_THAT(stand.claim("A"), ElementsAre(1));
  const auto summary =
      json::parse(stand.run({"fail", "1", "--reason", "no picture", "--max-attempts", "2", "--json"}).out);
  EXPECT_EQ(summary["failed"], json::parse("[1]"));
  EXPECT_EQ(stand.run({"fail", "1", "--reason", "x"}).exit_code, 3);
  EXPECT_EQ(stand.run({"retry", "--all"}).out, "1 waiting again\n");
  EXPECT_EQ(stand.run({"retry", "1"}).exit_code, 3);
  EXPECT_THAT(stand.claim("A"), ElementsAre(1));
}

TEST_F(QueueMoveCommand, AShellLoopWorksTheQueueOff) {
  stand.fill(3);
  const Outcome outcome = stand
                              .shell(
                                  "export PIPELINE_QUEUE_WORKER=loop\n"
                                  "while id=$($queue claim --format csv | sed -n '2s/,.*//p'); [ \"$id\" ]; do\n"
                                  "  $queue done \"$id\" --quiet\ndone")
                              .wait();
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out + outcome.err, "");
  EXPECT_EQ(stand.value("SELECT count(*) FROM refresh_queue WHERE status = 'DONE' AND claimed_by = 'loop'"), "3");
}

TEST_F(QueueMoveCommand, AMissingDatabaseIsNamedAndNotMade) {
  const auto none = (stand.folder() / "none.db").string();
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"list"}, {"claim", "--worker", "A"}, {"retry", "--all"}}) {
    auto arguments = command;
    arguments.insert(arguments.end(), {"--db", none});
    const Outcome outcome = stand.run(arguments);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("there is no database " + none + ": name it with --db"));
  }
  EXPECT_FALSE(std::filesystem::exists(none));
}

}  // namespace
}  // namespace pipeline::test
