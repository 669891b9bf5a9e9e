#include "pipeline/store/schema.h"

#include "store_fixture.h"

#include <sqlite3.h>

#include <memory>

namespace pipeline::store {
namespace {

// The tables of version 1 that a later version touches, as that version made them.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE products (
  sku                    TEXT NOT NULL PRIMARY KEY,
  content_hash           BLOB,
  list_hash              BLOB,
  parse_status           TEXT NOT NULL CHECK (parse_status = 'OK' OR parse_status = 'PARSE_FAIL'),
  removed_at             INTEGER,
  modified_at            TEXT,
  created_at             INTEGER NOT NULL,
  updated_at             INTEGER NOT NULL,
  last_seen_run          TEXT NOT NULL,
  source                 TEXT NOT NULL,
  origin_product_no      INTEGER,
  channel_product_no     INTEGER,
  seller_management_code TEXT,
  name                   TEXT,
  status                 TEXT,
  display_status         TEXT,
  sale_price             INTEGER,
  discounted_price       INTEGER,
  stock_quantity         INTEGER,
  category_id            TEXT,
  category_name          TEXT,
  brand                  TEXT,
  manufacturer           TEXT,
  image_url              TEXT,
  parse_error            TEXT,
  list_json              TEXT,
  raw_json               ANY NOT NULL
) STRICT;
CREATE INDEX products_by_seller_code ON products (seller_management_code);
CREATE INDEX products_present ON products (source, sku, parse_status, removed_at) WHERE removed_at IS NULL;

CREATE TABLE refresh_queue (
  id          INTEGER PRIMARY KEY,
  sku         TEXT NOT NULL,
  reason      TEXT NOT NULL,
  status      TEXT NOT NULL
              CHECK (status = 'PENDING' OR status = 'CLAIMED' OR status = 'DONE' OR status = 'FAILED'),
  attempts    INTEGER NOT NULL DEFAULT 0,
  enqueued_at INTEGER NOT NULL,
  claimed_at  INTEGER,
  claimed_by  TEXT,
  finished_at INTEGER,
  error       TEXT,
  changes     TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX refresh_queue_pending ON refresh_queue (sku) WHERE status = 'PENDING';
CREATE INDEX refresh_queue_by_status ON refresh_queue (status);

CREATE TABLE detail_checks (
  sku         TEXT NOT NULL PRIMARY KEY,
  verified_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX detail_checks_by_age ON detail_checks (verified_at);

CREATE TABLE runs (
  run_id     TEXT NOT NULL PRIMARY KEY,
  trace_id   TEXT NOT NULL,
  command    TEXT NOT NULL,
  options    TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at   INTEGER,
  status     TEXT NOT NULL,
  exit_code  INTEGER,
  counts     TEXT
) STRICT;
CREATE INDEX runs_running ON runs (status) WHERE status = 'RUNNING';

CREATE TABLE images (
  sha256          BLOB NOT NULL,
  content_id      TEXT NOT NULL,
  perceptual_hash INTEGER,
  PRIMARY KEY (sha256, content_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX images_by_content ON images (content_id);

CREATE TABLE state (
  key   TEXT NOT NULL PRIMARY KEY,
  value ANY
) STRICT, WITHOUT ROWID;

PRAGMA application_id = 0x50495045;
PRAGMA user_version = 1;
PRAGMA journal_mode = WAL;

INSERT INTO products (sku, parse_status, created_at, updated_at, last_seen_run, source, raw_json)
  VALUES ('1', 'OK', 1, 1, 'run', 'MY_STORE', '{}');
INSERT INTO refresh_queue (sku, reason, status, attempts, enqueued_at, claimed_at, claimed_by, changes) VALUES
  ('1', 'PRICE', 'DONE',    1, 10, 11,   'A',  '[]'),
  ('1', 'STOCK', 'PENDING', 0, 20, NULL, NULL, '[]'),
  ('2', 'PRICE', 'CLAIMED', 1, 30, 31,   'A',  '[]'),
  ('2', 'STOCK', 'CLAIMED', 1, 40, 41,   'B',  '[]');
)sql";

class MigrationTest : public StoreTest {
 protected:
  struct Close {
    void operator()(sqlite3* handle) const noexcept { sqlite3_close(handle); }
  };
  // Past the project's own connection, which would migrate.
  void execute(const std::string& sql) const {
    sqlite3* raw = nullptr;
    sqlite3_open(path_.c_str(), &raw);
    const std::unique_ptr<sqlite3, Close> handle(raw);
    ASSERT_EQ(sqlite3_exec(handle.get(), sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(handle.get());
  }
  // Everything a file holds: version, schema, and the queue's rows.
  [[nodiscard]] std::string dump() const {
    sqlite3* raw = nullptr;
    sqlite3_open(path_.c_str(), &raw);
    const std::unique_ptr<sqlite3, Close> handle(raw);
    std::string all;
    for (const char* sql : {"PRAGMA user_version", "SELECT sql FROM sqlite_schema ORDER BY name",
                            "SELECT * FROM refresh_queue ORDER BY id", "SELECT * FROM products"}) {
      const auto append = [](void* out, int n, char** values, char**) {
        for (int i = 0; i < n; ++i)
          *static_cast<std::string*>(out) += std::string(values[i] ? values[i] : "NULL") + '|';
        return 0;
      };
      EXPECT_EQ(sqlite3_exec(handle.get(), sql, append, &all, nullptr), SQLITE_OK);
    }
    return all;
  }
};

TEST_F(MigrationTest, AFileOfVersion1KeepsItsRows) {
  execute(kVersion1);
  Database database(path_, Database::Mode::read_write, clock_, metrics_);
  EXPECT_EQ(number(database, "PRAGMA user_version"), kSchemaVersion);
  EXPECT_EQ(number(database, "SELECT count(*) FROM products"), 1);
  EXPECT_THAT(texts(database,
                    "SELECT json_array(id, sku, reason, status, attempts, enqueued_at, claimed_at, claimed_by, "
                    "lease_until, finished_at, error) FROM refresh_queue ORDER BY id"),
              ::testing::ElementsAre(R"([1,"1","PRICE","DONE",1,10,11,"A",null,null,null])",
                                     R"([2,"1","STOCK","PENDING",0,20,null,null,null,null,null])",
                                     R"([3,"2","PRICE","FAILED",1,30,31,"A",null,31,"claimed more than once"])",
                                     R"([4,"2","STOCK","CLAIMED",1,40,41,"B",null,null,null])"));
}

TEST_F(MigrationTest, ItHasTheSchemaOfANewFile) {
  execute(kVersion1);
  Database old(path_, Database::Mode::read_write, clock_, metrics_);
  Database fresh(dir_ / "new.db", Database::Mode::read_write, clock_, metrics_);
  const char* schema = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name";
  EXPECT_EQ(texts(old, schema), texts(fresh, schema));
}

TEST_F(MigrationTest, OneThatFailsLeavesVersion1Whole) {
  execute(kVersion1);
  execute("CREATE INDEX refresh_queue_leases ON refresh_queue (claimed_at)");  // in the way of the last statement
  const std::string before = dump();
  EXPECT_THAT(message_of([&] { Database(path_, Database::Mode::read_write, clock_, metrics_); }),
              ::testing::AllOf(::testing::HasSubstr(path_.string()), ::testing::HasSubstr("refresh_queue_leases")));
  EXPECT_EQ(dump(), before);
  execute("DROP INDEX refresh_queue_leases");
  Database database(path_, Database::Mode::read_write, clock_, metrics_);
  EXPECT_EQ(number(database, "PRAGMA user_version"), kSchemaVersion);
}

TEST_F(MigrationTest, AReaderDoesNotMigrate) {
  execute(kVersion1);
  const std::string before = dump();
  EXPECT_THAT(message_of([&] { Database(path_, Database::Mode::read_only, clock_, metrics_); }),
              ::testing::HasSubstr("has schema 1, this program needs"));
  EXPECT_EQ(dump(), before);
}

}  // namespace
}  // namespace pipeline::store
