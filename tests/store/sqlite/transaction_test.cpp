#include "store_fixture.h"
#include "support/forked.h"

#include <sqlite3.h>
#include <sys/resource.h>

#include <csignal>
#include <thread>

namespace pipeline::store::sqlite {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

class TransactionTest : public StoreTest {
 protected:
  // About 50 KB each.
  static void write_batch(Connection& database, int first) {
    Transaction transaction(database);
    Statement insert(database, "fill the database", "INSERT INTO state (key, value) VALUES (?1, randomblob(1000))");
    for (std::int64_t key = first; key < first + 50; ++key) insert.bind(1, key).run();
    transaction.commit();
  }
};

TEST_F(TransactionTest, CommitsOrLeavesNothing) {
  Connection database(path_, Connection::Mode::read_write, clock_, &metrics_);
  {
    Transaction transaction(database);
    database.execute("test", "INSERT INTO state VALUES ('dropped', 1)");
  }
  {
    Transaction transaction(database);
    database.execute("test", "INSERT INTO state VALUES ('kept', 1)");
    transaction.commit();
  }
  EXPECT_EQ(text(database, "SELECT group_concat(key) FROM state"), "kept");
  EXPECT_EQ(samples_of("db_txn_seconds"), 3U);  // and the schema's
  EXPECT_EQ(samples_of("db_lock_wait_seconds"), 0U);
  EXPECT_EQ(metric("db_conflict_total"), 0);
}

TEST_F(TransactionTest, GivesUpOnALockThatStays) {
  Connection holder(path_, Connection::Mode::read_write, clock_, &metrics_);
  Connection other(path_, Connection::Mode::read_write, clock_, &metrics_, 20ms);
  const Transaction held(holder);
  EXPECT_THAT(message_of<TryLaterError>([&] { Transaction transaction(other); }),
              AllOf(HasSubstr(path_.string()), HasSubstr("database is locked"), HasSubstr("try again later")));
  EXPECT_EQ(samples_of("db_lock_wait_seconds"), 1U);
  EXPECT_EQ(metric("db_conflict_total"), 1);
  EXPECT_EQ(number(other, "SELECT count(*) FROM products"), 0);  // readers are not kept waiting
}

// Says how often it was asked, which tells the test that a wait began.
class AskedClock final : public Clock {
 public:
  SteadyTime now() const noexcept override {
    ++asked;
    return SteadyTime(std::chrono::seconds(asked.load()));
  }
  WallTime wall() const noexcept override { return {}; }
  mutable std::atomic<int> asked{0};
};

TEST_F(TransactionTest, WaitsForAnotherWriterAndMeasuresIt) {
  const AskedClock clock;
  Connection holder(path_, Connection::Mode::read_write, clock_, &metrics_);
  metrics::Metrics metrics(clock);
  Connection waiter(path_, Connection::Mode::read_write, clock, &metrics);
  auto held = std::make_unique<Transaction>(holder);
  holder.execute("test", "INSERT INTO state VALUES ('first', 1)");
  std::thread release([&, before = clock.asked.load()] {
    while (clock.asked < before + 2) std::this_thread::yield();  // its start, and the start of its wait
    held->commit();
  });
  Transaction transaction(waiter);
  release.join();
  EXPECT_EQ(text(waiter, "SELECT key FROM state"), "first");
  transaction.commit();
  EXPECT_EQ(sum_of(metrics, "db_lock_wait_seconds"), 1);
  EXPECT_EQ(sum_of(metrics, "db_conflict_total"), 1);
}

TEST_F(TransactionTest, AFullDatabaseKeepsTheBatchesBefore) {
  {
    Connection database(path_, Connection::Mode::read_write, clock_, &metrics_);
    write_batch(database, 0);
    const std::int64_t pages = number(database, "PRAGMA page_count");
    number(database, "PRAGMA max_page_count = " + std::to_string(pages + 3));
    EXPECT_THAT(message_of([&] { write_batch(database, 1000); }),
                AllOf(HasSubstr(path_.string()), HasSubstr("fill the database: database or disk is full"),
                      HasSubstr("batches committed before are kept")));
    EXPECT_FALSE(database.in_transaction());
  }
  Connection database(path_, Connection::Mode::read_write, clock_, &metrics_);
  EXPECT_EQ(number(database, "SELECT count(*) FROM state"), 50);
  EXPECT_EQ(text(database, "PRAGMA integrity_check"), "ok");
  write_batch(database, 1000);
}

TEST_F(TransactionTest, ACommitThatCannotBeWrittenKeepsTheBatchesBefore) {
  { Connection database(path_, Connection::Mode::read_write, clock_, &metrics_); }
  const std::string answer = test::in_child([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    Connection database(path_, Connection::Mode::read_write, clock_, &metrics_);
    write_batch(database, 0);
    const rlimit limit{120'000, 120'000};  // the log has room for one batch
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const std::string message = message_of([&] { write_batch(database, 1000); });
    return message + (database.in_transaction() ? " OPEN" : "");
  });
  EXPECT_THAT(answer, AllOf(HasSubstr(path_.string()), HasSubstr("commit a batch: disk I/O error"),
                            HasSubstr("batches committed before are kept")));
  EXPECT_THAT(answer, ::testing::Not(HasSubstr("OPEN")));
  Connection database(path_, Connection::Mode::read_write, clock_, &metrics_);
  EXPECT_EQ(number(database, "SELECT count(*) FROM state"), 50);
  EXPECT_EQ(text(database, "PRAGMA integrity_check"), "ok");
}

}  // namespace
}  // namespace pipeline::store::sqlite
