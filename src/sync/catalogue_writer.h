#pragma once

#include "pipeline/shop/shop.h"
#include "pipeline/store/catalogue.h"
#include "pipeline/store/removals.h"
#include "pipeline/store/write_counters.h"
#include "pipeline/sync/list_plan.h"
#include "pipeline/sync/sync.h"

#include "store_guard.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pipeline::sync {

// The database's side of a run: compares list pages, collects details into batches and commits them. All calls come
// from the worker's thread. Throws Error when the database fails; committed batches stay.
class CatalogueWriter {
 public:
  CatalogueWriter(const Options& options, const Services& services);

  // A product whose detail is wanted.
  struct Wanted {
    std::string sku;
    bool is_known = true;  // and not marked as removed
  };

  // What the rows of a list page are beside what is stored.
  struct Compared {
    std::int64_t counted = 0;  // distinct and within the limit
    std::int64_t fresh = 0, changed = 0, unchanged = 0, doubled = 0;
    std::vector<Wanted> to_fetch;    // in the list's order
    std::vector<std::string> known;  // a few whose detail was answered in an earlier run
    std::vector<Plan> plans;         // dry run
  };
  [[nodiscard]] Compared add_page(std::vector<shop::ListPage::Row> page, int pass);

  // Whether the list has to show first that this is the store the database belongs to, or there is something to
  // remember of it. Asked before the run.
  [[nodiscard]] bool is_unproven() const noexcept { return guard_.is_unproven(); }
  [[nodiscard]] bool has_store_news() const noexcept { return guard_.is_unproven() || guard_.has_news(); }
  // When the list has been read.
  [[nodiscard]] StoreGuard::Verdict judge_store(const std::string& why_not_whole);

  void add_detail(const Wanted& product, const std::shared_ptr<shop::Detail>& detail);
  // The detail's answer was that there is no such product; it is marked at the end, behind the limit on removals.
  void add_gone(const std::string& sku);
  // Commits a batch that has waited long enough: a kill may cost seconds of calls, not a batch of minutes.
  void tick();
  void flush();

  // The SKUs whose detail has to be checked this time, longest ago first.
  // `use_share`: they will be, so that the next run's share begins after this one's.
  [[nodiscard]] std::vector<std::string> due_for_check(bool use_share);
  struct Removals {
    std::vector<Plan> plans;  // dry run
    std::optional<store::HeldBackRemovals> held_back;
  };
  // Marks what is gone and, when the list was complete and still, what it no longer has; nothing when it is more than
  // the limit allows.
  [[nodiscard]] Removals remove_absent(bool list_is_whole);

  // Of the batches that were committed.
  struct Counts {
    std::int64_t written = 0;
    std::int64_t removed = 0;
    std::int64_t enqueued = 0;
  };
  [[nodiscard]] const Counts& counts() const noexcept { return counts_; }

 private:
  void compare(shop::ListPage::Row& row, store::Standing standing, bool keep, Compared& rows);
  [[nodiscard]] Plan plan_of(const shop::ListPage::Row& row, Plan::Action action);
  [[nodiscard]] std::optional<shop::KeptRow> take_row(const std::string& sku);
  [[nodiscard]] store::RemovalLimit removal_limit() const;
  [[nodiscard]] std::vector<catalogue::Change> changes_of(std::string_view stored_body, const std::string& sku) const;

  // A product, and the detail it was made of, as long as that may have to be compared with the one that is stored.
  struct Fetched {
    catalogue::Product product;
    std::shared_ptr<const shop::Detail> detail;

    [[nodiscard]] const std::string& sku() const noexcept { return product.sku; }
  };

  const Options& options_;
  const Services& services_;
  store::Catalogue& catalogue_;
  const std::int64_t known_;  // products that were present before the run
  const store::Writing how_;
  store::WriteCounters counters_;
  StoreGuard guard_;
  std::unordered_map<std::string, shop::KeptRow> waiting_;  // rows that wait, as long as there is room here
  std::size_t waiting_bytes_ = 0;
  std::vector<Fetched> batch_;  // by SKU while it is written
  std::size_t held_bytes_ = 0;  // bodies of the batch's details
  SteadyTime batch_started_;
  Counts counts_;
  metrics::Timer compare_list_;
  metrics::Timer parse_detail_;
};

}  // namespace pipeline::sync
