#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/base/fingerprint.h"
#include "pipeline/base/sha256.h"
#include "pipeline/catalogue/product.h"
#include "pipeline/catalogue/source_identity.h"
#include "pipeline/store/removal_limit.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::store {

// --- the list of a run ---

// One row of the source's product list.
struct ListedProduct {
  std::string sku;
  Sha256 list_hash{};
  std::string json;  // the row as the source packs it; empty where the caller keeps it itself
};

// The same, as it was kept or is stored.
struct ListRow {
  Sha256 list_hash{};  // all zero: none is stored, the product has to be fetched again
  std::string json;
};

// `unseen`: not in the database, or marked as removed; `doubled`: was in the list before, whose first row stays;
// `again`: was in an earlier pass over the list, and counted there.
enum class Standing { unseen, changed, unchanged, doubled, again };

// How many of the source's products that are in the database, not marked as removed, are in the list. Of those that
// came from a list, unless there are none: what files brought says little of whose list it is.
struct Overlap {
  bool came_from_lists = false;
  std::int64_t known = 0;
  std::int64_t found = 0;
};

// --- writing ---

enum class WriteOutcome {
  inserted,
  updated,
  unchanged,
  unknown,   // not known, and not to be inserted (Delivery::may_be_new)
  unusable,  // cannot be completed by what is stored (Completed)
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

// How the products of a run are compared and written. Its functions are called during write() and preview(), on the
// caller's thread; what they throw ends the call.
struct Writing {
  std::string run_id;
  catalogue::BodyDiff body_diff{};
  Completion completion{};
  // Products with equal content are left alone; without, they are rewritten (what it costs is for the bench to show).
  bool skip_equal = true;
  // list_hash, list_json and modified_at of an equal product follow when they move; without, nothing of it is written.
  bool follow_list = true;
};

struct Delivery {
  const catalogue::Product* product;
  bool may_be_new = true;
};

// Products that are written together; in key order a large table takes them 1.4 times as fast.
struct Batch {
  std::span<const Delivery> products;
  bool verified = false;                             // those that parsed were seen to be true just now (due_for_check)
  const catalogue::SourceIdentity* owner = nullptr;  // is remembered with them
};

struct Written {
  std::vector<WriteOutcome> outcomes;  // of the deliveries, in their order
  std::int64_t enqueued = 0;           // queue entries added or merged into

  [[nodiscard]] std::int64_t count(WriteOutcome outcome) const noexcept;
};

// What write() would do.
struct WritePreview {
  WriteOutcome outcome;
  std::string name;  // that the product then has; may be empty
  std::vector<catalogue::Change> changes;
};

// A row of a file, and the product it speaks of.
struct RowProof {
  catalogue::ProductKey product;
  Fingerprint row_hash;
};

// --- what is there ---

struct FoundProduct {
  catalogue::Product product;  // without the bodies: list_json and raw_json are empty
  std::string name;            // its SKU, or SOURCE:SKU where other sources have the SKU as well
  std::optional<WallTime> removed_at;
};

// A product whose detail could not be read when it was last fetched.
struct UnreadableProduct {
  std::string product;  // SOURCE:SKU
  std::string name;     // may be empty
  std::string error;
};

// How the catalogue stands, without the removed products.
struct CatalogueTotals {
  std::int64_t present = 0;
  std::int64_t unreadable_count = 0;
  std::vector<UnreadableProduct> unreadable;  // the first of them
};

// The products, and what a run has to know to bring them up to date.
//
// Each call that writes is one transaction, durable when it returns: all of it or, when it throws, nothing. It waits
// for another process that is writing as long as the store was opened for, then throws TryLaterError. All throw Error
// when the database fails (a full disk): what was written before is kept. A store that was opened for reading refuses
// what writes; the list of a run works there as well. One thread at a time.
class Catalogue {
 public:
  virtual ~Catalogue() = default;

  // --- what is there ---

  [[nodiscard]] virtual bool is_empty() = 0;
  // The source's products that are not marked as removed.
  [[nodiscard]] virtual std::int64_t count_present(std::string_view source) = 0;

  [[nodiscard]] virtual CatalogueTotals totals(int most_unreadable) = 0;

  // The product that is called SOURCE:SKU; without one, those of this SKU, also when they are removed: a name must not
  // pass from one to another; without one, those with this seller code that are not removed, or all that are. One
  // answer: that is it. Several: the name names no product by itself. In the order of SKUs and sources.
  [[nodiscard]] virtual std::vector<FoundProduct> find(std::string_view name) = 0;
  // Likewise by SOURCE:SKU or SKU alone.
  [[nodiscard]] virtual std::vector<FoundProduct> find_by_sku(std::string_view name) = 0;

  // Whose catalogue the source's products are. Absent when none was remembered.
  [[nodiscard]] virtual std::optional<catalogue::SourceIdentity> owner_of(std::string_view source) = 0;
  virtual void remember(const catalogue::SourceIdentity& owner) = 0;

  // --- the list of a run ---

  // From here on the list is empty, and of this source. It is kept apart from the products, by this store alone, and
  // not in memory.
  virtual void begin_list(std::string_view source) = 0;

  // Notes the rows of one page and compares each with the stored list_hash. Rows that are unseen or changed are kept
  // for take(); `keep_all` keeps the unchanged too. The answer has one entry per row, in their order. A list that has
  // to be read anew is read in another pass.
  [[nodiscard]] virtual std::vector<Standing> compare(std::span<const ListedProduct> page, bool keep_all, int pass) = 0;
  // The same for products that come without a list row: they were seen, no more.
  virtual void note_listed(std::span<const std::string_view> skus) = 0;
  // The product's own answer was that it does not exist, whatever the list says.
  virtual void note_gone(std::string_view sku) = 0;

  // The kept row, which is dropped. Absent when there is none (taken before).
  [[nodiscard]] virtual std::optional<ListRow> take(std::string_view sku) = 0;
  // The list row that is stored with the product: of an earlier run, unless this one has written it.
  [[nodiscard]] virtual std::optional<ListRow> stored_row(std::string_view sku) = 0;

  [[nodiscard]] virtual std::int64_t count_listed() = 0;  // distinct SKUs seen
  [[nodiscard]] virtual Overlap overlap() = 0;

  // The source's products that are in the database, not marked as removed, and gone or, when `list_is_whole`, not in
  // the list.
  [[nodiscard]] virtual std::int64_t count_absent(bool list_is_whole) = 0;
  // Of them at most `limit`, after the SKU `after`, in key order.
  [[nodiscard]] virtual std::vector<RemovalCandidate> absent(bool list_is_whole, std::string_view after, int limit) = 0;

  // The SKUs whose turn it is to be fetched again: this night's share, which is the part of all active products (not
  // removed, parsed OK) that the time since the last share is of `max_age` (> 0), and in any case all that were
  // verified longer than max_age ago or never; never those verified within the last twelve hours (or half of max_age,
  // if that is less). Products listed in this run as unseen or changed are fetched anyway and left out. Longest ago
  // first. The very first share is empty: time is counted from there.
  //
  // `give`: notes that the share is given. Of the time since the last share only that is used up which the share's
  // whole products stand for, so frequent runs add up to the same.
  [[nodiscard]] virtual std::vector<std::string> due_for_check(std::chrono::seconds max_age, bool give) = 0;

  // --- writing ---

  // For each row whether the stored product was made of it (with a completion also: and of what was stored before),
  // and is not removed: then there is nothing to parse or write.
  [[nodiscard]] virtual std::vector<bool> are_made_of(std::span<const RowProof> rows, const Writing& how) = 0;

  // Writes products with their queue entries. A product whose content_hash is the stored one is not rewritten (only
  // list_hash, list_json and modified_at follow, when they moved); a change is found column by column and with the
  // source's BodyDiff, and put in the refresh queue.
  //
  // A body that can't be parsed never hides what is known: the columns and content_hash of a known product stay, only
  // parse_status, parse_error and raw_json tell of it, and list_hash is cleared so that it is fetched again. Nothing is
  // queued for it before it parses again.
  //
  // With a completion a delivered product is what its source knows of it: what is known already is completed by what is
  // stored before it is compared and written.
  virtual Written write(const Batch& batch, const Writing& how) = 0;
  // The same for products that parsed, without writing.
  [[nodiscard]] virtual std::vector<WritePreview> preview(std::span<const Delivery> products, const Writing& how) = 0;

  // These products are gone from their source: each is marked (removed_at, list_hash cleared), queued as REMOVED, once,
  // and no check of it is due any more. One that is unknown or marked already is `unknown`, the others are `updated`.
  virtual Written remove(std::string_view source, std::span<const RemovalCandidate> products,
                         std::string_view run_id) = 0;
};

}  // namespace pipeline::store
