#include "pipeline/base/file.h"

#include "schema.h"
#include "store_fixture.h"
#include "support/forked.h"

#include <fstream>
#include <thread>

namespace fs = std::filesystem;

namespace pipeline::store::sqlite {
namespace {

class ConnectionOpenTest : public StoreTest {
 protected:
  void create() { Connection(path_, Connection::Mode::read_write, clock_, &metrics_); }
  void add_product(std::string_view sku) {
    Connection database(path_, Connection::Mode::read_write, clock_, &metrics_);
    Transaction transaction(database);
    database.execute("test", ("INSERT INTO detail_checks VALUES ('MY_STORE', '" + std::string(sku) + "', 1)").c_str());
    transaction.commit();
  }
  // A file with a product that is still in its -wal, as a killed run leaves it.
  void leave_log() {
    create();
    test::in_child([&] {
      Connection database(path_, Connection::Mode::read_write, clock_, &metrics_);
      database.execute("test", "INSERT INTO detail_checks VALUES ('MY_STORE', '1', 1)");
      ::_exit(0);
      return std::string();
    });
    ASSERT_GT(fs::file_size(path_.string() + "-wal"), 0U);
  }
  std::vector<std::string> files() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(dir_.path())) names.push_back(entry.path().filename());
    std::ranges::sort(names);
    return names;
  }
};

TEST_F(ConnectionOpenTest, CreatesTheTablesOfTheDesign) {
  Connection database(path_, Connection::Mode::read_write, clock_, &metrics_);
  const auto columns = [&](std::string_view table) {
    return text(database,
                "SELECT group_concat(name, ' ') FROM pragma_table_info('" + std::string(table) + "') ORDER BY cid");
  };
  EXPECT_EQ(columns("products"),
            "sku source content_hash list_hash parse_status removed_at modified_at created_at updated_at last_seen_run "
            "origin_product_no channel_product_no seller_management_code name status display_status sale_price "
            "discounted_price stock_quantity category_id category_name brand manufacturer image_url parse_error "
            "list_json raw_json");
  EXPECT_EQ(
      columns("refresh_queue"),
      "id sku source reason status attempts enqueued_at claimed_at claimed_by lease_until finished_at error changes");
  EXPECT_EQ(columns("detail_checks"), "source sku verified_at");
  EXPECT_EQ(columns("runs"), "run_id trace_id command options started_at ended_at status exit_code counts");
  EXPECT_EQ(columns("images"), "sha256 content_id perceptual_hash look");
  EXPECT_EQ(columns("state"), "key value");
  EXPECT_EQ(number(database, "PRAGMA user_version"), kSchemaVersion);
  EXPECT_EQ(number(database, "PRAGMA application_id"), kApplicationId);
}

TEST_F(ConnectionOpenTest, ACommittedBatchIsDurable) {
  Connection database(path_, Connection::Mode::read_write, clock_, &metrics_);
  EXPECT_EQ(text(database, "PRAGMA journal_mode"), "wal");
  EXPECT_EQ(number(database, "PRAGMA synchronous"), 2);
  EXPECT_EQ(number(database, "PRAGMA page_size"), 4096);
  EXPECT_EQ(number(database, "PRAGMA trusted_schema"), 0);
  EXPECT_EQ(number(database, "PRAGMA temp_store"), 0);
}

TEST_F(ConnectionOpenTest, KeepsWhatIsThere) {
  create();
  add_product("1");
  Connection database(path_, Connection::Mode::read_write, clock_, &metrics_);
  EXPECT_EQ(text(database, "SELECT sku FROM detail_checks"), "1");
}

TEST_F(ConnectionOpenTest, AnEmptyFileIsANewDatabase) {
  std::ofstream(path_).flush();
  create();
  Connection database(path_, Connection::Mode::read_only, clock_, &metrics_);
  EXPECT_EQ(number(database, "SELECT count(*) FROM products"), 0);
}

TEST_F(ConnectionOpenTest, AnInMemoryDatabaseTouchesNoFile) {
  Connection database(":memory:", Connection::Mode::read_write, clock_, &metrics_);
  EXPECT_EQ(number(database, "SELECT count(*) FROM products"), 0);
  EXPECT_FALSE(fs::exists(":memory:"));
}

TEST_F(ConnectionOpenTest, OpeningAndClosingChangesNoByte) {
  create();
  const std::string before = read_file(path_);
  create();
  EXPECT_EQ(read_file(path_), before);
  EXPECT_THAT(files(), ::testing::ElementsAre("pipeline.db"));
}

TEST_F(ConnectionOpenTest, ManyMayCreateItAtOnce) {
  std::atomic<int> failed{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      try {
        create();
      } catch (const Error& error) {
        ++failed;
        ADD_FAILURE() << error.what();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
  create();
}

TEST_F(ConnectionOpenTest, ReadOnlyLeavesNothingBehind) {
  create();
  add_product("1");
  const std::string before = read_file(path_);
  const auto written = fs::last_write_time(path_);
  {
    Connection database(path_, Connection::Mode::read_only, clock_, &metrics_);
    EXPECT_EQ(text(database, "SELECT sku FROM detail_checks"), "1");
  }
  EXPECT_EQ(read_file(path_), before);
  EXPECT_EQ(fs::last_write_time(path_), written);
  EXPECT_THAT(files(), ::testing::ElementsAre("pipeline.db"));
}

TEST_F(ConnectionOpenTest, ReadOnlyRefusesToWriteButHasTemporaryTables) {
  create();
  Connection database(path_, Connection::Mode::read_only, clock_, &metrics_);
  database.execute("test", "CREATE TEMP TABLE t (a); INSERT INTO t VALUES (1); UPDATE t SET a = 2; DELETE FROM t");
  Statement insert(database, "note a state", "INSERT INTO state (key, value) VALUES (?1, ?2)");
  EXPECT_THAT(message_of([&] { insert.bind(1, "k"); }),
              ::testing::HasSubstr("note a state: the database was opened read-only"));
  EXPECT_THAT(message_of([&] { insert.run(); }), ::testing::HasSubstr("read-only"));
  EXPECT_THAT(message_of([&] { Transaction transaction(database); }), ::testing::HasSubstr("read-only"));
  EXPECT_THROW(database.execute("test", "CREATE TABLE more (a)"), Error);
  EXPECT_THROW(database.execute("test", "DELETE FROM products"), Error);
}

TEST_F(ConnectionOpenTest, ReadOnlyReadsTheLogOfAKilledRunAndLeavesIt) {
  leave_log();
  const std::string file = read_file(path_);
  const std::string log = read_file(path_.string() + "-wal");
  {
    Connection database(path_, Connection::Mode::read_only, clock_, &metrics_);
    EXPECT_EQ(text(database, "SELECT sku FROM detail_checks"), "1");
  }
  EXPECT_EQ(read_file(path_), file);
  EXPECT_EQ(read_file(path_.string() + "-wal"), log);
  Connection database(path_, Connection::Mode::read_write, clock_, &metrics_);
  EXPECT_EQ(text(database, "SELECT sku FROM detail_checks"), "1");
}

TEST_F(ConnectionOpenTest, ReadOnlySeesAWritersCommitsWhileItWrites) {
  Connection writer(path_, Connection::Mode::read_write, clock_, &metrics_);
  Connection reader(path_, Connection::Mode::read_only, clock_, &metrics_);
  Transaction transaction(writer);
  writer.execute("test", "INSERT INTO detail_checks VALUES ('MY_STORE', '1', 1)");
  EXPECT_EQ(number(reader, "SELECT count(*) FROM detail_checks"), 0);
  transaction.commit();
  EXPECT_EQ(number(reader, "SELECT count(*) FROM detail_checks"), 1);
}

TEST_F(ConnectionOpenTest, ReadOnlyWorksWhereNothingMayBeWritten) {
  create();
  add_product("1");
  // A name with what a URI would take for its own.
  const fs::path folder = dir_ / "a?b#c%41";
  fs::create_directory(folder);
  const fs::path file = folder / "pipeline.db";
  fs::rename(path_, file);
  fs::permissions(dir_.path(), fs::perms(0755));
  fs::permissions(file, fs::perms(0444));
  fs::permissions(folder, fs::perms(0555));
  EXPECT_EQ(test::with_permissions([&] {
              Connection database(file, Connection::Mode::read_only, clock_, &metrics_);
              database.execute("test", "CREATE TEMP TABLE t (a); INSERT INTO t VALUES (1)");
              return text(database, "SELECT sku FROM detail_checks");
            }),
            "1");
  fs::permissions(folder, fs::perms(0755));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 1);
}

}  // namespace
}  // namespace pipeline::store::sqlite
