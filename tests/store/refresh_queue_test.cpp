#include "pipeline/store/refresh_queue.h"

#include "store_fixture.h"

#include <nlohmann/json.hpp>

namespace pipeline::store {
namespace {

using nlohmann::json;

class RefreshQueueTest : public StoreTest {
 protected:
  std::string row() {
    return text(database_, "SELECT coalesce(group_concat(reason || ' ' || changes, ' | '), '') FROM refresh_queue");
  }
  static catalogue::Change price(std::string before, std::string after) {
    return {catalogue::Reason::price, "sale_price", before, after};
  }
  static catalogue::Change stock(std::string before, std::string after) {
    return {catalogue::Reason::stock, "stock_quantity", before, after};
  }
  const catalogue::Change came_{catalogue::Reason::new_product, "product", "null", "\"name\""};
  const catalogue::Change gone_{catalogue::Reason::removed, "product", "\"name\"", "null"};

  Database database_{path_, Database::Mode::read_write, clock_, metrics_};
  RefreshQueue queue_{database_};
};

TEST_F(RefreshQueueTest, AddsARow) {
  EXPECT_EQ(queue_.enqueue({"MY_STORE", "1"}, {stock("1", "2"), price("10", "20")}), Enqueued::added);
  EXPECT_EQ(row(), R"(PRICE,STOCK [{"field":"stock_quantity","old":1,"new":2,"reason":"STOCK"},)"
                   R"({"field":"sale_price","old":10,"new":20,"reason":"PRICE"}])");
  EXPECT_EQ(text(database_,
                 "SELECT json_array(id, sku, status, attempts, enqueued_at, claimed_at, claimed_by, "
                 "finished_at, error) FROM refresh_queue"),
            R"([1,"1","PENDING",0,1775000001000,null,null,null,null])");
}

TEST_F(RefreshQueueTest, EachProductHasItsOwnRow) {
  EXPECT_EQ(queue_.enqueue({"MY_STORE", "1"}, {price("1", "2")}), Enqueued::added);
  EXPECT_EQ(queue_.enqueue({"MY_STORE", "2"}, {price("1", "2")}), Enqueued::added);
}

TEST_F(RefreshQueueTest, AFurtherChangeIsMerged) {
  queue_.enqueue({"MY_STORE", "1"}, {stock("1", "2")});
  clock_.advance(std::chrono::hours(1));
  EXPECT_EQ(queue_.enqueue({"MY_STORE", "1"}, {price("10", "20")}), Enqueued::merged);
  EXPECT_EQ(row(), R"(PRICE,STOCK [{"field":"stock_quantity","old":1,"new":2,"reason":"STOCK"},)"
                   R"({"field":"sale_price","old":10,"new":20,"reason":"PRICE"}])");
  EXPECT_EQ(number(database_, "SELECT enqueued_at FROM refresh_queue"), 1775000001000);  // it waits since then
}

TEST_F(RefreshQueueTest, AFieldKeepsItsFirstOldAndLastNewValue) {
  queue_.enqueue({"MY_STORE", "1"}, {price("10", "20")});
  queue_.enqueue({"MY_STORE", "1"}, {price("20", "30")});
  EXPECT_EQ(row(), R"(PRICE [{"field":"sale_price","old":10,"new":30,"reason":"PRICE"}])");
}

TEST_F(RefreshQueueTest, AFieldThatIsAsItWasGoesWithItsReason) {
  queue_.enqueue({"MY_STORE", "1"}, {price("10", "20"), stock("1", "2")});
  EXPECT_EQ(queue_.enqueue({"MY_STORE", "1"}, {price("20", "10")}), Enqueued::merged);
  EXPECT_EQ(row(), R"(STOCK [{"field":"stock_quantity","old":1,"new":2,"reason":"STOCK"}])");
}

TEST_F(RefreshQueueTest, ARowWithNothingLeftToTellIsDeleted) {
  queue_.enqueue({"MY_STORE", "1"}, {price("10", "20")});
  EXPECT_EQ(queue_.enqueue({"MY_STORE", "1"}, {price("20", "10")}), Enqueued::settled);
  EXPECT_EQ(row(), "");
}

TEST_F(RefreshQueueTest, ValuesAreComparedByMeaning) {
  queue_.enqueue({"MY_STORE", "1"}, {{catalogue::Reason::option, "options", R"({"a":1,"b":"x/y"})", "null"}});
  Statement(database_, "test",
            R"(UPDATE refresh_queue SET changes = replace(changes, '{"a":1,"b":"x/y"}', '{ "b":"x\/y", "a":1 }'))");
  EXPECT_EQ(queue_.enqueue({"MY_STORE", "1"}, {{catalogue::Reason::option, "options", "null", R"({"a":1,"b":"x/y"})"}}),
            Enqueued::settled);
}

TEST_F(RefreshQueueTest, LongValuesAreComparedByTheirDigest) {
  const auto content = [](char before, char after) {
    const auto text = [](char c) { return '"' + std::string(1000, c) + '"'; };
    return catalogue::Change{catalogue::Reason::content, "detail", text(before), text(after)};
  };
  queue_.enqueue({"MY_STORE", "1"}, {content('a', 'b')});
  EXPECT_EQ(queue_.enqueue({"MY_STORE", "1"}, {content('b', 'c')}), Enqueued::merged);
  const json changes = json::parse(text(database_, "SELECT changes FROM refresh_queue"));
  EXPECT_EQ(changes[0]["old"], (json{{"bytes", 1000}, {"sha256", to_hex(hash_of(std::string(1000, 'a')))}}));
  EXPECT_EQ(changes[0]["new"]["sha256"], to_hex(hash_of(std::string(1000, 'c'))));
  EXPECT_EQ(queue_.enqueue({"MY_STORE", "1"}, {content('c', 'a')}), Enqueued::settled);
}

TEST_F(RefreshQueueTest, ATextOf256BytesIsKept) {
  // Its JSON form is longer: quotes and escapes don't count.
  const std::string text_value = '"' + std::string(250, 'x') + R"(\n\n\n\n\n\n")";
  queue_.enqueue({"MY_STORE", "1"}, {{catalogue::Reason::content, "detail", text_value, "null"}});
  const json changes = json::parse(text(database_, "SELECT changes FROM refresh_queue"));
  EXPECT_EQ(changes[0]["old"], json::parse(text_value));
}

TEST_F(RefreshQueueTest, NewAndThenRemovedIsRemoved) {
  queue_.enqueue({"MY_STORE", "1"}, {came_});
  EXPECT_EQ(queue_.enqueue({"MY_STORE", "1"}, {gone_}), Enqueued::merged);
  EXPECT_EQ(row(), R"(REMOVED [{"field":"product","old":null,"new":null,"reason":"REMOVED"}])");
}

TEST_F(RefreshQueueTest, RemovedAndThenBackIsNew) {
  queue_.enqueue({"MY_STORE", "1"}, {price("10", "20")});
  queue_.enqueue({"MY_STORE", "1"}, {gone_});
  EXPECT_EQ(text(database_, "SELECT reason FROM refresh_queue"), "PRICE,REMOVED");
  EXPECT_EQ(queue_.enqueue({"MY_STORE", "1"}, {came_}), Enqueued::merged);
  EXPECT_EQ(text(database_, "SELECT reason FROM refresh_queue"), "NEW,PRICE");
}

TEST_F(RefreshQueueTest, NewStaysNewWhateverChangesAfterwards) {
  queue_.enqueue({"MY_STORE", "1"}, {came_});
  queue_.enqueue({"MY_STORE", "1"}, {price("10", "20")});
  EXPECT_EQ(text(database_, "SELECT reason FROM refresh_queue"), "NEW,PRICE");
  queue_.enqueue({"MY_STORE", "1"}, {price("20", "10")});
  EXPECT_EQ(row(), R"(NEW [{"field":"product","old":null,"new":"name","reason":"NEW"}])");
}

TEST_F(RefreshQueueTest, RowsThatSomeoneHasTakenAreLeftAlone) {
  for (const char* status : {"CLAIMED", "DONE", "FAILED"}) {
    queue_.enqueue({"MY_STORE", "1"}, {price("10", "20")});
    database_.execute(
        "test", (std::string("UPDATE refresh_queue SET status = '") + status + "' WHERE status = 'PENDING'").c_str());
  }
  EXPECT_EQ(queue_.enqueue({"MY_STORE", "1"}, {price("20", "10")}), Enqueued::added);
  EXPECT_EQ(
      text(database_, "SELECT group_concat(status || ' ' || json_extract(changes, '$[0].new')) FROM refresh_queue"),
      "CLAIMED 20,DONE 20,FAILED 20,PENDING 10");
}

TEST_F(RefreshQueueTest, AtMostOnePendingRowAProduct) {
  queue_.enqueue({"MY_STORE", "1"}, {price("10", "20")});
  EXPECT_THROW(database_.execute("test",
                                 "INSERT INTO refresh_queue (sku, source, reason, status, enqueued_at, changes) "
                                 "VALUES ('1', 'MY_STORE', 'NEW', 'PENDING', 1, '[]')"),
               Error);
}

TEST_F(RefreshQueueTest, AnEntryThatWasTamperedWithIsNamed) {
  queue_.enqueue({"MY_STORE", "1"}, {price("10", "20")});
  for (const char* broken : {"nonsense", "{}", "[1]", R"([{"field":"x","old":1,"new":2,"reason":"WHIM"}])"}) {
    Statement update(database_, "test", "UPDATE refresh_queue SET changes = ?1");
    update.bind(1, broken).run();
    EXPECT_THAT(message_of([&] {
                  queue_.enqueue({"MY_STORE", "1"}, {price("20", "30")});
                }),
                ::testing::AllOf(::testing::HasSubstr(path_.string()),
                                 ::testing::HasSubstr("entry 1 of the refresh queue, product 1:")))
        << broken;
  }
}

}  // namespace
}  // namespace pipeline::store
