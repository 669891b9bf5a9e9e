-- What the program of schema 4 made of a few products, as the sqlite3 shell dumps it.
PRAGMA journal_mode = WAL;
PRAGMA application_id = 1346981957;
PRAGMA user_version = 4;
BEGIN TRANSACTION;
CREATE TABLE images (
  sha256          BLOB NOT NULL,
  content_id      TEXT NOT NULL,
  perceptual_hash INTEGER, look BLOB,
  PRIMARY KEY (sha256, content_id)
) STRICT, WITHOUT ROWID;
INSERT INTO images VALUES(X'c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1','POST001',-1,NULL);
INSERT INTO images VALUES(X'c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2','POST001',NULL,NULL);
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
INSERT INTO packages VALUES('POST001',X'f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1',1000,2000,2,1,'run-1',1775000003000);
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
INSERT INTO runs VALUES('run-1','4bf92f3577b34da6a3ce929d0e0e4736','sync','{}',1775000000000,1775000001000,'OK',0,'{"new":3}');
INSERT INTO runs VALUES('run-2','5bf92f3577b34da6a3ce929d0e0e4736','sync','{}',1775000002000,NULL,'RUNNING',NULL,NULL);
CREATE TABLE state (
  key   TEXT NOT NULL PRIMARY KEY,
  value ANY
) STRICT, WITHOUT ROWID;
INSERT INTO state VALUES('detail_share_given_until/MY_STORE',1775000001000);
INSERT INTO state VALUES('store_digest/MY_STORE',X'd1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1');
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
INSERT INTO products VALUES('1001','MY_STORE',X'a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1',X'b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1','OK',NULL,'2026-04-01T16:31:02.064+09:00',1775000000000,1775000001000,'run-1',500,1001,'CODE-1','머그컵','SALE','ON',12900,9900,5,'50000001','주방>컵','브랜드','제조사','https://example.com/1.jpg',NULL,'{"row":1}','{"body":"it''s 1"}');
INSERT INTO products VALUES('1002','MY_STORE',NULL,NULL,'PARSE_FAIL',NULL,NULL,1775000000000,1775000000000,'run-1',NULL,1002,NULL,'접시',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'is no JSON','{"row":2}',X'ff00fe');
INSERT INTO products VALUES('1003','MY_STORE',X'a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3',NULL,'OK',1775000002000,NULL,1775000000000,1775000002000,'run-2',NULL,1003,'CODE-1','그릇','SALE','ON',100,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,'{"row":3}','{"body":3}');
INSERT INTO products VALUES('A-1','AFFILIATE_SHOPPING_CONNECT',X'a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4',X'b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4','OK',NULL,NULL,1775000000000,1775000000000,'run-3',NULL,NULL,NULL,'other',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"sku":"A-1","name":"other"}');
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
INSERT INTO refresh_queue VALUES(3,'1001','MY_STORE','NEW','DONE',1,10,11,'blog',NULL,12,NULL,'[{"field":"product","old":null,"new":"머그컵","reason":"NEW"}]');
INSERT INTO refresh_queue VALUES(7,'1001','MY_STORE','PRICE','PENDING',0,20,NULL,NULL,NULL,NULL,NULL,'[{"field":"sale_price","old":1,"new":12900,"reason":"PRICE"}]');
INSERT INTO refresh_queue VALUES(8,'A-1','AFFILIATE_SHOPPING_CONNECT','NEW','CLAIMED',2,30,31,'blog',1775000009000,NULL,'no picture','[{"field":"product","old":null,"new":"other","reason":"NEW"}]');
INSERT INTO refresh_queue VALUES(9,'1003','MY_STORE','REMOVED','PENDING',0,40,41,'blog',NULL,NULL,NULL,'[{"field":"product","old":"그릇","new":null,"reason":"REMOVED"}]');
INSERT INTO refresh_queue VALUES(10,'gone','MY_STORE','NEW','PENDING',0,50,NULL,NULL,NULL,NULL,NULL,'[{"field":"product","old":null,"new":"?","reason":"NEW"}]');
CREATE TABLE detail_checks (
  source      TEXT NOT NULL,
  sku         TEXT NOT NULL,
  verified_at INTEGER NOT NULL,
  PRIMARY KEY (source, sku)
) STRICT, WITHOUT ROWID;
INSERT INTO detail_checks VALUES('MY_STORE','gone',5);
INSERT INTO detail_checks VALUES('MY_STORE','1003',1775000000500);
INSERT INTO detail_checks VALUES('MY_STORE','1001',1775000001000);
CREATE INDEX runs_running ON runs (status) WHERE status = 'RUNNING';
CREATE INDEX images_by_content ON images (content_id);
CREATE INDEX products_by_seller_code ON products (seller_management_code);
CREATE INDEX products_present ON products (source, sku, parse_status, removed_at) WHERE removed_at IS NULL;
CREATE UNIQUE INDEX refresh_queue_pending ON refresh_queue (sku, source) WHERE status = 'PENDING';
CREATE UNIQUE INDEX refresh_queue_claimed ON refresh_queue (sku, source) WHERE status = 'CLAIMED';
CREATE INDEX refresh_queue_by_status ON refresh_queue (status);
CREATE INDEX refresh_queue_leases ON refresh_queue (lease_until) WHERE status = 'CLAIMED';
CREATE INDEX detail_checks_by_age ON detail_checks (source, verified_at);
COMMIT;
