#pragma once

#include "pipeline/base/sha256.h"
#include "pipeline/store/database.h"
#include "pipeline/store/removal_limit.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::store {

// One row of the source's product list.
struct ListedProduct {
  std::string sku;
  Sha256 list_hash;
  std::string json;  // the row as received
};

// The list of one run, beside the database: which SKUs were seen and which rows wait for their detail, kept in
// temporary tables (a file of SQLite's own in the folder for temporary files, not the WAL), so memory does not grow
// with the store. Works on a read-only database. One at a time on a connection: making another empties the tables. Same
// thread as its database. Each function takes part in the caller's transaction when one is open, and needs none.
class Listing {
 public:
  Listing(Database& database, std::string source);

  // `unseen`: not in the database, or marked as removed; `doubled`: was in the list before, whose first row stays;
  // `again`: was in an earlier pass over the list, and counted there.
  enum class Standing { unseen, changed, unchanged, doubled, again };

  // Notes the rows of one page and compares each with the stored list_hash. Rows that are unseen or changed are kept
  // for take(); `keep_all` keeps the unchanged too. The answer has one entry per row, in their order. A list that has
  // to be read anew is read in another pass.
  [[nodiscard]] std::vector<Standing> add(std::span<const ListedProduct> page, bool keep_all, int pass = 0);

  // The same for products that come without a list row: they were seen, no more.
  void note(std::span<const std::string_view> skus);

  struct Kept {
    Sha256 list_hash;
    std::string json;
  };
  // The kept row, which is dropped. Absent when there is none (taken before).
  [[nodiscard]] std::optional<Kept> take(std::string_view sku);

  // The list row that is stored with the product: of an earlier run, unless this one has written it. Its list_hash is
  // all zero when none is stored (the product has to be fetched again).
  [[nodiscard]] std::optional<Kept> stored(std::string_view sku);

  [[nodiscard]] std::int64_t size();  // distinct SKUs seen

  // How many of the source's products that are in the database, not marked as removed, are in the list. Of those that
  // came from a list, unless there are none: what files brought says little of whose list it is.
  struct Overlap {
    bool came_from_lists = false;
    std::int64_t known = 0;
    std::int64_t found = 0;
  };
  [[nodiscard]] Overlap overlap();

  // The product's own answer was that it does not exist, whatever the list says.
  void note_gone(std::string_view sku);
  // The source's products that are in the database, not marked as removed, and gone or, when `list_is_whole`, not in
  // the list.
  [[nodiscard]] std::int64_t count_absent(bool list_is_whole);
  // Of them at most `limit`, after the SKU `after`, in key order.
  [[nodiscard]] std::vector<RemovalCandidate> absent(bool list_is_whole, std::string_view after, int limit);

 private:
  Standing compare(const ListedProduct& row);

  Database& database_;
  const std::string source_;
  Statement look_up_;
  Statement note_;
  Statement keep_;
  Statement take_;
  Statement stored_;
  Statement count_;
  Statement pass_;
  Statement overlap_;
  Statement note_gone_;
  Statement count_absent_;
  Statement absent_;
};

}  // namespace pipeline::store
