#pragma once

#include "pipeline/naver/product_list.h"
#include "pipeline/store/catalogue.h"
#include "pipeline/store/removals.h"
#include "pipeline/store/write_counters.h"
#include "pipeline/sync/list_plan.h"
#include "pipeline/sync/sync.h"

#include "store_guard.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::sync {

// The database's side of a run: compares list pages, collects details into batches and commits them. All calls come
// from the worker's thread. Throws Error when the database fails; committed batches stay.
class CatalogueWriter {
 public:
  CatalogueWriter(const Options& options, const Services& services);

  // What a list page brought.
  struct Page {
    std::string error;  // the page could not be read; the rest is empty
    std::int64_t total_elements = 0;
    int total_pages = 0;
    std::int64_t elements = 0;
    std::int64_t rows = 0;  // that counted: distinct and within the limit
    std::int64_t fresh = 0, changed = 0, unchanged = 0, doubled = 0;
    std::vector<naver::ListPage::BadRow> bad_rows;
    std::vector<std::string> to_fetch;  // SKUs whose detail is wanted, in the list's order
    std::vector<std::string> known;     // a few whose detail was answered in an earlier run
    std::vector<Plan> plans;            // dry run
  };
  // A first page of a list that is too long for it is not compared.
  [[nodiscard]] Page add_page(std::string_view body, const ListPlan::Request& request);

  // Whether the list has to show first that this is the store the database belongs to, or there is something to
  // remember of it. Asked before the run.
  [[nodiscard]] bool is_unproven() const noexcept { return guard_.is_unproven(); }
  [[nodiscard]] bool has_store_news() const noexcept { return guard_.is_unproven() || guard_.has_news(); }
  // When the list has been read.
  [[nodiscard]] StoreGuard::Verdict judge_store(const std::string& why_not_whole);

  void add_detail(const std::string& sku, std::string_view body);
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
  void compare(const store::ListedProduct& row, store::Standing standing, Page& page);
  [[nodiscard]] Plan plan_of(const store::ListedProduct& row, Plan::Action action);

  const Options& options_;
  const Services& services_;
  store::Catalogue& catalogue_;
  const std::int64_t known_;  // products that were present before the run
  const store::Writing how_;
  store::WriteCounters counters_;
  StoreGuard guard_;
  std::vector<catalogue::Product> batch_;
  SteadyTime batch_started_;
  Counts counts_;
  metrics::Timer parse_list_;
  metrics::Timer parse_detail_;
};

}  // namespace pipeline::sync
