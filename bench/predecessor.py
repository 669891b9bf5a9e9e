#!/usr/bin/env python3
"""The predecessor's way of bringing a JSON Lines file into a database, to compare with: json, hashlib, executemany.

usage: predecessor.py FILE DB [--queue]

Prints rows a second, from the opening of the database to its close. The journal and the synchronous setting are
Python's defaults. With --queue each new product is also noted for refresh in the same transaction, as `pipeline upsert`
does.
"""

import hashlib
import json
import sqlite3
import sys
import time

CHUNK = 500

# Column, and what it is called in a row.
FIELDS = {
    "modified_at": "modifiedDate",
    "origin_product_no": "originProductNo",
    "channel_product_no": "channelProductNo",
    "seller_management_code": "sellerManagementCode",
    "name": "name",
    "status": "statusType",
    "display_status": "channelProductDisplayStatusType",
    "sale_price": "salePrice",
    "discounted_price": "discountedPrice",
    "stock_quantity": "stockQuantity",
    "category_id": "categoryId",
    "category_name": "wholeCategoryName",
    "brand": "brandName",
    "manufacturer": "manufacturerName",
    "image_url": "imageUrl",
}
COLUMNS = ["sku", "content_hash", "parse_status", "created_at", "updated_at", "source", *FIELDS, "raw_json"]
KEPT = {"sku", "created_at"}

SCHEMA = f"""
CREATE TABLE IF NOT EXISTS products (sku TEXT NOT NULL PRIMARY KEY, {", ".join(COLUMNS[1:])});
CREATE INDEX IF NOT EXISTS products_by_seller_code ON products (seller_management_code);
CREATE TABLE IF NOT EXISTS refresh_queue (
  id INTEGER PRIMARY KEY, sku TEXT NOT NULL, reason TEXT NOT NULL, status TEXT NOT NULL,
  enqueued_at INTEGER NOT NULL, changes TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS refresh_queue_pending ON refresh_queue (sku) WHERE status = 'PENDING';
CREATE INDEX IF NOT EXISTS refresh_queue_by_status ON refresh_queue (status);
"""
UPSERT = (
    f"INSERT INTO products ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))}) "
    f"ON CONFLICT (sku) DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in COLUMNS if c not in KEPT)} "
    "WHERE content_hash <> excluded.content_hash"
)
ENQUEUE = (
    "INSERT INTO refresh_queue (sku, reason, status, enqueued_at, changes) VALUES (?, 'NEW', 'PENDING', ?, ?) "
    "ON CONFLICT (sku) WHERE status = 'PENDING' DO NOTHING"
)


def product_of(line, now):
    """The values of COLUMNS."""
    row = json.loads(line)
    canonical = json.dumps(row, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(canonical.encode()).digest()
    return (row["sku"], digest, "OK", now, now, "MY_STORE", *(row.get(field) for field in FIELDS.values()), line)


def news_of(database, products, now):
    """The values of ENQUEUE for the products that are not there yet."""
    skus = [product[0] for product in products]
    query = f"SELECT sku FROM products WHERE sku IN ({', '.join('?' * len(skus))})"
    known = {sku for sku, in database.execute(query, skus)}
    name = COLUMNS.index("name")
    return [
        (product[0], now, json.dumps([{"field": "product", "old": None, "new": product[name], "reason": "NEW"}]))
        for product in products
        if product[0] not in known
    ]


def write_chunk(database, lines, queue):
    now = int(time.time() * 1000)
    products = [product_of(line, now) for line in lines]
    news = news_of(database, products, now) if queue else []
    database.executemany(UPSERT, products)
    database.executemany(ENQUEUE, news)
    database.commit()


def main(file, path, queue):
    began = time.perf_counter()
    database = sqlite3.connect(path)
    database.executescript(SCHEMA)
    rows = 0
    with open(file, encoding="utf-8") as lines:
        chunk = []
        for line in lines:
            chunk.append(line.rstrip("\n"))
            rows += 1
            if len(chunk) == CHUNK:
                write_chunk(database, chunk, queue)
                chunk = []
        if chunk:
            write_chunk(database, chunk, queue)
    database.close()
    print(rows / (time.perf_counter() - began))


main(sys.argv[1], sys.argv[2], "--queue" in sys.argv[3:])
