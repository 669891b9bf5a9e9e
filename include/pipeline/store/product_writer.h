#pragma once

#include "pipeline/catalogue/product.h"
#include "pipeline/store/database.h"
#include "pipeline/store/refresh_queue.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::store {

enum class WriteOutcome {
  inserted,
  updated,
  unchanged,
  unknown,   // not known, and not to be inserted (Unknown::refuse)
  unusable,  // cannot be completed by what is stored (Completed)
};

// Whether a product that is not known is inserted.
enum class Unknown { insert, refuse };

struct WriterOptions {
  // Products with equal content are left alone; without, they are rewritten (what it costs is for the bench to show).
  bool skip_equal = true;
  // list_hash, list_json and modified_at of an equal product follow when they move; without, nothing of it is written.
  bool follow_list = true;
  // `products` has its key (sku_index.h: drop_sku_index); without, each product is looked up before it is inserted.
  bool sku_is_key = true;
};

// What became of a product that was delivered in part.
struct Completed {
  const catalogue::Product* product;  // lasts until the next call, as what was delivered does; null: it is not possible
  bool has_news;                      // it says something that is not stored
};

// Makes the product that `stored`, with its body, and what was delivered of it are together: for sources that tell only
// what they know. It may be the delivered one.
using Completion = std::function<Completed(const catalogue::Product& stored, const catalogue::Product& delivered)>;

// The row_hash of a product that was made of the row with this hash and of what was stored before: no other row's.
[[nodiscard]] Fingerprint part_of(Fingerprint row) noexcept;

// What write() would do.
struct WritePreview {
  WriteOutcome outcome;
  std::string name;  // that the product then has; may be empty
  std::vector<catalogue::Change> changes;
};

// Writes products with their queue entries, inside transactions the caller holds. A product whose content_hash is the
// stored one is not rewritten (only list_hash, list_json and modified_at follow, when they moved); a change is found
// column by column and with the source's BodyDiff, and put in the refresh queue in the same transaction.
//
// A body that can't be parsed never hides what is known: the columns and content_hash of a known product stay, only
// parse_status, parse_error and raw_json tell of it, and list_hash is cleared so that it is fetched again. Nothing is
// queued for it before it parses again.
//
// With a Completion a delivered product is what its source knows of it: what is known already is completed by what is
// stored before it is compared and written.
//
// Same thread as its database. Counts db_upsert_rows_total (rows inserted or rewritten), no_change_skip_total (outcome
// `unchanged`) and refresh_queue_enqueue_total (queue rows added or merged into).
class ProductWriter {
 public:
  ProductWriter(Database& database, metrics::Metrics& metrics, catalogue::BodyDiff body_diff, std::string run_id,
                WriterOptions options = {}, Completion completion = {});

  WriteOutcome write(const catalogue::Product& product, Unknown unknown = Unknown::insert);
  // The same for a product that parsed, without writing.
  [[nodiscard]] WritePreview preview(const catalogue::Product& product, Unknown unknown = Unknown::insert);

  // Whether the stored product was made of the row with this hash (with a Completion also: and of what was stored
  // before), and is not removed: then there is nothing to parse or write. Counted as skipped.
  [[nodiscard]] bool is_made_of(const Fingerprint& row_hash, const catalogue::ProductKey& product);

  // The product is gone from its source: marked (removed_at, list_hash cleared), queued as REMOVED, once, and its
  // detail_checks row deleted. False: it was unknown or marked already.
  bool remove(const catalogue::ProductKey& product);

 private:
  // What is stored of a product, and how a delivered one differs from it.
  struct Stored {
    bool same_content = false;  // or all that the row says
    bool same_list = false;
    bool parsed = false;
    bool never_parsed = false;
    bool removed = false;
  };
  // What is to become of a known product, and what it will be then.
  struct Judgement {
    WriteOutcome outcome;
    const catalogue::Product* after;  // the delivered one, or that completed
  };
  [[nodiscard]] bool has_led_to(const std::optional<Fingerprint>& row_hash, std::span<const std::uint8_t> stored) const;
  [[nodiscard]] std::optional<Stored> look_up(const catalogue::Product& product);
  [[nodiscard]] Judgement judge(Stored& stored, const catalogue::Product& product);
  [[nodiscard]] bool is_left_alone(const Stored& stored) const noexcept;
  void read_stored(const catalogue::ProductKey& product);
  [[nodiscard]] std::vector<catalogue::Change> changes_to(const Stored& stored,
                                                          const catalogue::Product& product) const;
  WriteOutcome write_failure(const catalogue::Product& product);
  bool insert(const catalogue::Product& product);
  void rewrite(const catalogue::Product& product);
  void follow_list(const catalogue::Product& product);
  void bind_product(Statement& statement, const catalogue::Product& product);
  [[nodiscard]] std::vector<catalogue::Change> changes_since(const catalogue::Product& product,
                                                             bool compare_bodies) const;
  void enqueue(const catalogue::ProductKey& product, const std::vector<catalogue::Change>& changes);

  Database& database_;
  catalogue::BodyDiff body_diff_;
  std::string run_id_;
  WriterOptions options_;
  Completion completion_;
  bool expect_unknown_;        // what comes tends to be what came before: new, or known
  catalogue::Product before_;  // as stored, of the product that is being judged
  RefreshQueue queue_;
  metrics::Counter upsert_rows_;
  metrics::Counter skipped_;
  metrics::Counter enqueued_;
  Statement look_up_;
  Statement look_up_row_;
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
