#include "queue_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

// What others do to the database meanwhile.
namespace pipeline::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class QueueLock : public ::testing::Test {
 protected:
  void SetUp() override {
    stand.fill(3);
    other = std::make_unique<SqlConnection>(stand.db());
  }
  QueueStand stand;
  // Another process's transaction, as long as this lives.
  class Writing {
   public:
    explicit Writing(const SqlConnection& connection) : connection_(connection) { connection.run("BEGIN IMMEDIATE"); }
    ~Writing() { connection_.run("ROLLBACK"); }
    Writing(const Writing&) = delete;
    Writing& operator=(const Writing&) = delete;

   private:
    const SqlConnection& connection_;
  };
  std::unique_ptr<SqlConnection> other;
};

TEST_F(QueueLock, AReaderHoldsUpNoWriter) {
  const auto statuses = [&] { return other->run("SELECT group_concat(status) FROM refresh_queue").front().front(); };
  other->run("BEGIN");
  ASSERT_EQ(statuses(), "PENDING,PENDING,PENDING");
  EXPECT_THAT(stand.claim("A"), ElementsAre(1));
  EXPECT_EQ(stand.run({"done", "1", "--worker", "A", "--lock-wait", "1ms"}).exit_code, 0);
  EXPECT_EQ(statuses(), "PENDING,PENDING,PENDING");  // as when it began
  other->run("COMMIT");
}

TEST_F(QueueLock, AWriterHoldsUpNoReader) {
  const Writing writing(*other);
  const Outcome outcome = stand.run({"list", "--json", "--lock-wait", "1ms"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(QueueStand::ids_of(outcome.out), ElementsAre(1, 2, 3));
}

TEST_F(QueueLock, AWriterThatDoesNotEndMakesItTryLater) {
  const Writing writing(*other);
  const std::vector<std::vector<std::string>> commands = {
      {"claim", "--worker", "A"}, {"done", "1"}, {"fail", "1", "--reason", "x"}, {"retry", "--all"}};
  for (auto command : commands) {
    command.insert(command.end(), {"--lock-wait", "100ms"});
    const Outcome outcome = stand.run(command);
    EXPECT_EQ(outcome.exit_code, 75) << command.front();
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("queue " + command.front()), HasSubstr(stand.db().string()),
                                   HasSubstr("another process is writing to the database: try again later")));
  }
}

TEST_F(QueueLock, ARefusalIsJsonWhenItIsAskedFor) {
  const Writing writing(*other);
  for (const auto& format : std::vector<std::string>{"--json", "--format=json"}) {
    const auto json = nlohmann::json::parse(stand.run({"claim", "--worker", "A", format, "--lock-wait", "1ms"}).out);
    EXPECT_EQ(json["command"], "queue claim");
    EXPECT_EQ(json["exit_code"], 75);
    EXPECT_THAT(json["stopped"], HasSubstr("try again later"));
  }
}

TEST_F(QueueLock, AWriterThatEndsIsWaitedFor) {
  auto writing = std::make_unique<Writing>(*other);
  Process claim = stand.start({"claim", "--worker", "A", "--json"});
  EXPECT_TRUE(claim.running());
  writing.reset();
  const Outcome outcome = claim.wait();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(QueueStand::ids_of(outcome.out), ElementsAre(1));
}

}  // namespace
}  // namespace pipeline::test
