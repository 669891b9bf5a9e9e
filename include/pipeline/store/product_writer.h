#pragma once

#include "pipeline/store/database.h"
#include "pipeline/store/product.h"
#include "pipeline/store/refresh_queue.h"

#include <string>
#include <string_view>
#include <vector>

namespace pipeline::store {

enum class WriteOutcome { inserted, updated, unchanged };

// Writes products with their queue entries, inside transactions the caller holds. A product whose content_hash is the
// stored one is not rewritten (only list_hash, list_json and modified_at follow, when they moved); a change is found
// column by column and with the source's BodyDiff, and put in the refresh queue in the same transaction.
//
// A body that can't be parsed never hides what is known: the columns and content_hash of a known product stay, only
// parse_status, parse_error and raw_json tell of it, and list_hash is cleared so that it is fetched again. Nothing is
// queued for it before it parses again.
//
// Same thread as its database. Counts db_upsert_rows_total (rows inserted or rewritten), no_change_skip_total (outcome
// `unchanged`) and refresh_queue_enqueue_total (queue rows added or merged into).
class ProductWriter {
 public:
  ProductWriter(Database& database, metrics::Metrics& metrics, BodyDiff body_diff, std::string run_id);

  WriteOutcome write(const Product& product);

  // The product is gone from its source: marked (removed_at, list_hash cleared), queued as REMOVED, once, and its
  // detail_checks row deleted. False: it was unknown or marked already.
  bool remove(std::string_view sku);

 private:
  WriteOutcome write_failure(const Product& product);
  void insert(const Product& product);
  void rewrite(const Product& product);
  void follow_list(const Product& product);
  void bind_product(Statement& statement, const Product& product);
  std::vector<Change> changes_since(const Product& product, bool compare_bodies);
  void enqueue(std::string_view sku, const std::vector<Change>& changes);

  Database& database_;
  BodyDiff body_diff_;
  std::string run_id_;
  RefreshQueue queue_;
  metrics::Counter upsert_rows_;
  metrics::Counter skipped_;
  metrics::Counter enqueued_;
  Statement look_up_;
  Statement read_;
  Statement insert_;
  Statement rewrite_;
  Statement reindex_;
  Statement follow_list_;
  Statement mark_failed_;
  Statement mark_removed_;
  Statement forget_check_;
};

}  // namespace pipeline::store
