#include "queue.h"
#include "refresh_queue.h"
#include "store_fixture.h"

#include <array>

namespace pipeline::store::sqlite {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// What somebody else's hand may have done to the rows, and what the table itself forbids.
class QueueRowsTest : public StoreTest {
 protected:
  static catalogue::Change price(std::string before, std::string after) {
    return {catalogue::Reason::price, "sale_price", std::move(before), std::move(after)};
  }
  void enqueue(std::string_view sku) { refresh_queue_.enqueue({"MY_STORE", sku}, {price("10", "20")}); }
  std::vector<std::int64_t> claim(std::int64_t limit = 1) {
    std::vector<std::int64_t> ids;
    for (const auto& entry : queue_.claim({"A", limit, std::chrono::minutes(15), 3})) ids.push_back(entry.id);
    return ids;
  }
  void execute(const char* sql) { connection_->execute("test", sql); }
  std::vector<std::string> rows() { return texts(*connection_, "SELECT id || ' ' || status FROM refresh_queue"); }

  std::shared_ptr<Connection> connection_ =
      std::make_shared<Connection>(path_, Connection::Mode::read_write, clock_, &metrics_);
  RefreshQueue refresh_queue_{*connection_};
  Queue queue_{connection_};
};

TEST_F(QueueRowsTest, TheTableHoldsOnePendingRowAProduct) {
  enqueue("1");
  execute(
      "INSERT INTO refresh_queue (sku, source, reason, status, enqueued_at, changes) "
      "VALUES ('1', 'OTHER', 'NEW', 'PENDING', 1, '[]')");
  EXPECT_THROW(execute("INSERT INTO refresh_queue (sku, source, reason, status, enqueued_at, changes) "
                       "VALUES ('1', 'MY_STORE', 'NEW', 'PENDING', 1, '[]')"),
               Error);
}

TEST_F(QueueRowsTest, TheTableHoldsOneClaimAProduct) {
  enqueue("1");
  (void)claim();
  enqueue("1");
  EXPECT_THROW(execute("UPDATE refresh_queue SET status = 'CLAIMED'"), Error);
}

TEST_F(QueueRowsTest, AClaimThatCannotBeCommittedIsNone) {
  enqueue("1");
  execute(
      "CREATE TRIGGER stop BEFORE UPDATE ON refresh_queue WHEN new.id = 2 BEGIN SELECT raise(ABORT, 'stopped'); END");
  enqueue("2");
  EXPECT_THAT(message_of([&] { (void)claim(2); }), HasSubstr("stopped"));
  EXPECT_THAT(rows(), ElementsAre("1 PENDING", "2 PENDING"));
}

TEST_F(QueueRowsTest, AClaimWithoutALeaseStays) {  // of a file of schema 1, or made by hand
  enqueue("1");
  (void)claim();
  execute("UPDATE refresh_queue SET lease_until = NULL");
  clock_.advance(std::chrono::hours(1000));
  EXPECT_THAT(claim(), IsEmpty());
  EXPECT_EQ(queue_.done(std::array<std::int64_t, 1>{1}, std::nullopt).at(0).kind, QueueMove::Kind::done);
}

TEST_F(QueueRowsTest, ValuesAreComparedByMeaning) {
  const std::string value = R"({"a":1,"b":"x/y"})";
  refresh_queue_.enqueue({"MY_STORE", "1"}, {{catalogue::Reason::option, "options", value, "null"}});
  Statement(*connection_, "test",
            R"(UPDATE refresh_queue SET changes = replace(changes, '{"a":1,"b":"x/y"}', '{ "b":"x\/y", "a":1 }'))")
      .run();
  EXPECT_EQ(refresh_queue_.enqueue({"MY_STORE", "1"}, {{catalogue::Reason::option, "options", "null", value}}),
            Enqueued::settled);
}

TEST_F(QueueRowsTest, AnEntryThatWasTamperedWithIsNamed) {
  enqueue("1");
  for (const char* broken : {"nonsense", "{}", "[1]", R"([{"field":"x","old":1,"new":2,"reason":"WHIM"}])"}) {
    Statement update(*connection_, "test", "UPDATE refresh_queue SET changes = ?1");
    update.bind(1, broken).run();
    EXPECT_THAT(message_of([&] { enqueue("1"); }),
                AllOf(HasSubstr(path_.string()), HasSubstr("entry 1 of the refresh queue, product 1:")))
        << broken;
  }
}

TEST_F(QueueRowsTest, AndTheRestIsLeft) {
  enqueue("1");
  (void)claim();
  enqueue("1");
  execute("UPDATE refresh_queue SET changes = 'nonsense' WHERE id = 1");
  clock_.advance(std::chrono::minutes(15));
  EXPECT_THAT(message_of([&] { (void)claim(); }), HasSubstr("entry 1 of the refresh queue, product 1:"));
  EXPECT_THAT(rows(), ElementsAre("1 CLAIMED", "2 PENDING"));
}

}  // namespace
}  // namespace pipeline::store::sqlite
