#include "schema.h"

#include "pipeline/base/error.h"

#include "connection.h"
#include "statement.h"
#include "transaction.h"

#include <fmt/core.h>

#include <array>
#include <cstdint>

namespace pipeline::store::sqlite {
namespace {

// kSteps[n] brings a database of version n to version n + 1. A step that was released is never changed again.
//
// A check lists its values with OR: for IN with more than two SQLite builds a table of them at every row it checks.
//
// In `products` the short columns that every look-up reads come first and the JSON last: SQLite reads a row from its
// start and follows overflow pages only as far as it must.
constexpr std::array<const char*, kSchemaVersion> kSteps = {R"sql(
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
)sql",
                                                            R"sql(
ALTER TABLE refresh_queue ADD COLUMN lease_until INTEGER;
-- Claims were made by hand so far, and a product may have several: the last one stays.
UPDATE refresh_queue SET status = 'FAILED', finished_at = claimed_at, error = 'claimed more than once'
  WHERE status = 'CLAIMED' AND id < (SELECT max(id) FROM refresh_queue AS other
                                       WHERE other.sku = refresh_queue.sku AND other.status = 'CLAIMED');
CREATE UNIQUE INDEX refresh_queue_claimed ON refresh_queue (sku) WHERE status = 'CLAIMED';
CREATE INDEX refresh_queue_leases ON refresh_queue (lease_until) WHERE status = 'CLAIMED';
)sql",
                                                            R"sql(
CREATE TABLE packages (
  content_id   TEXT NOT NULL PRIMARY KEY,
  fingerprint  BLOB NOT NULL,
  naver_bytes  INTEGER NOT NULL,
  unique_bytes INTEGER NOT NULL,
  images       INTEGER NOT NULL,
  keyframes    INTEGER NOT NULL,
  run_id       TEXT NOT NULL,
  built_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql",
                                                            R"sql(
ALTER TABLE images ADD COLUMN look BLOB;
-- Two sources may give the same number to different products: the key is both. So far a SKU was of one source alone,
-- which says whose the queue's entries and the checks are; those of a product that somebody deleted were the store's.
-- Views that somebody made go on naming `products`.
PRAGMA legacy_alter_table = ON;
DROP INDEX products_by_seller_code;
DROP INDEX products_present;
ALTER TABLE products RENAME TO products_by_sku;
CREATE TABLE products (
  sku                    TEXT NOT NULL,
  source                 TEXT NOT NULL,
  content_hash           BLOB,
  list_hash              BLOB,
  parse_status           TEXT NOT NULL CHECK (parse_status = 'OK' OR parse_status = 'PARSE_FAIL'),
  removed_at             INTEGER,
  modified_at            TEXT,
  created_at             INTEGER NOT NULL,
  updated_at             INTEGER NOT NULL,
  last_seen_run          TEXT NOT NULL,
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
  raw_json               ANY NOT NULL,
  PRIMARY KEY (sku, source)
) STRICT;
INSERT INTO products
  SELECT sku, source, content_hash, list_hash, parse_status, removed_at, modified_at, created_at, updated_at,
         last_seen_run, origin_product_no, channel_product_no, seller_management_code, name, status, display_status,
         sale_price, discounted_price, stock_quantity, category_id, category_name, brand, manufacturer, image_url,
         parse_error, list_json, raw_json
    FROM products_by_sku;
CREATE INDEX products_by_seller_code ON products (seller_management_code);
CREATE INDEX products_present ON products (source, sku, parse_status, removed_at) WHERE removed_at IS NULL;

DROP INDEX refresh_queue_pending;
DROP INDEX refresh_queue_claimed;
DROP INDEX refresh_queue_by_status;
DROP INDEX refresh_queue_leases;
ALTER TABLE refresh_queue RENAME TO refresh_queue_by_sku;
CREATE TABLE refresh_queue (
  id          INTEGER PRIMARY KEY,
  sku         TEXT NOT NULL,
  source      TEXT NOT NULL,
  reason      TEXT NOT NULL,
  status      TEXT NOT NULL
              CHECK (status = 'PENDING' OR status = 'CLAIMED' OR status = 'DONE' OR status = 'FAILED'),
  attempts    INTEGER NOT NULL DEFAULT 0,
  enqueued_at INTEGER NOT NULL,
  claimed_at  INTEGER,
  claimed_by  TEXT,
  lease_until INTEGER,
  finished_at INTEGER,
  error       TEXT,
  changes     TEXT NOT NULL
) STRICT;
INSERT INTO refresh_queue
  SELECT id, sku, coalesce((SELECT source FROM products_by_sku AS p WHERE p.sku = q.sku), 'MY_STORE'), reason, status,
         attempts, enqueued_at, claimed_at, claimed_by, lease_until, finished_at, error, changes
    FROM refresh_queue_by_sku AS q;
DROP TABLE refresh_queue_by_sku;
CREATE UNIQUE INDEX refresh_queue_pending ON refresh_queue (sku, source) WHERE status = 'PENDING';
CREATE UNIQUE INDEX refresh_queue_claimed ON refresh_queue (sku, source) WHERE status = 'CLAIMED';
CREATE INDEX refresh_queue_by_status ON refresh_queue (status);
CREATE INDEX refresh_queue_leases ON refresh_queue (lease_until) WHERE status = 'CLAIMED';

DROP INDEX detail_checks_by_age;
ALTER TABLE detail_checks RENAME TO detail_checks_by_sku;
CREATE TABLE detail_checks (
  source      TEXT NOT NULL,
  sku         TEXT NOT NULL,
  verified_at INTEGER NOT NULL,
  PRIMARY KEY (source, sku)
) STRICT, WITHOUT ROWID;
INSERT INTO detail_checks
  SELECT coalesce((SELECT source FROM products_by_sku AS p WHERE p.sku = d.sku), 'MY_STORE'), sku, verified_at
    FROM detail_checks_by_sku AS d;
DROP TABLE detail_checks_by_sku;
CREATE INDEX detail_checks_by_age ON detail_checks (source, verified_at);

DROP TABLE products_by_sku;
PRAGMA legacy_alter_table = OFF;
)sql",
                                                            R"sql(
ALTER TABLE packages ADD COLUMN digest BLOB;

-- What a list column holds, store/post_json.h tells.
CREATE TABLE posts (
  content_id      TEXT NOT NULL PRIMARY KEY,
  folder          TEXT NOT NULL,
  title           TEXT NOT NULL,
  link            TEXT NOT NULL,
  products        TEXT NOT NULL,
  state           TEXT NOT NULL CHECK (state = 'BUILT' OR state = 'REJECTED' OR state = 'FAILED'),
  need            TEXT NOT NULL,
  reasons         TEXT NOT NULL,
  not_built_since INTEGER,
  outdated        TEXT NOT NULL,
  stale           TEXT NOT NULL,
  stale_since     INTEGER,
  kept            TEXT NOT NULL,
  published       BLOB,
  published_at    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX posts_published ON posts (content_id) WHERE published IS NOT NULL;

CREATE INDEX runs_by_start ON runs (started_at);

CREATE TABLE post_products (
  content_id TEXT NOT NULL,
  source     TEXT NOT NULL,
  sku        TEXT NOT NULL,
  PRIMARY KEY (content_id, source, sku)
) STRICT, WITHOUT ROWID;
)sql"};

std::int64_t number(Connection& connection, std::string_view sql) {
  Statement statement(connection, "read what kind of file it is", sql);
  const Statement::Use use(statement);
  return statement.step() ? statement.integer(0) : 0;
}

}  // namespace

std::int64_t schema_version(Connection& connection) {
  const std::string file = connection.path().string();
  const std::int64_t version = number(connection, "PRAGMA user_version");
  const std::int64_t application = number(connection, "PRAGMA application_id");
  const bool empty = application == 0 && version == 0 && number(connection, "SELECT count(*) FROM sqlite_schema") == 0;
  if (!empty && application != kApplicationId) {
    throw UsageError(fmt::format("{} is a SQLite database of another program: choose another file with --db", file));
  }
  if (version > kSchemaVersion) {
    throw Error(fmt::format(
        "{} was written by a newer pipeline (schema {}, this program knows {}): update the program; the way back is a "
        "backup of before: `pipeline restore FILE --db {} --force`",
        file, version, kSchemaVersion, file));
  }
  return version;
}

void migrate(Connection& connection) {
  const std::int64_t found = schema_version(connection);
  if (found == kSchemaVersion) return;
  if (connection.mode() == Connection::Mode::read_only) {
    throw Error(fmt::format("{} has schema {}, this program needs {}: let a run that writes bring it up to date first",
                            connection.path().string(), found, kSchemaVersion));
  }
  Transaction transaction(connection);
  // Read again under the lock: another process may have been quicker.
  for (auto version = static_cast<std::size_t>(schema_version(connection)); version < kSteps.size(); ++version) {
    connection.execute("bring the schema up to date", kSteps[version]);
  }
  connection.execute(
      "note the schema version",
      fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kApplicationId, kSchemaVersion).c_str());
  transaction.commit();
}

}  // namespace pipeline::store::sqlite
