#include "catalogue_writer.h"

#include <algorithm>
#include <utility>

namespace pipeline::sync {
namespace {

using store::Standing;

constexpr auto kLongestWait = std::chrono::seconds(5);
constexpr std::size_t kKnownAPage = 4;
// Of the bodies whose parsed form a batch holds, which is ten times as much.
constexpr std::size_t kMostHeld = std::size_t{4} << 20;
// Of rows that wait in memory; the others are written to a temporary table, and read again.
constexpr std::size_t kMostWaiting = std::size_t{16} << 20;

// What looks at the list comes after it was begun.
store::Catalogue& opened(const Services& services) {
  services.catalogue.begin_list(services.shop.about().source);
  return services.catalogue;
}

}  // namespace

CatalogueWriter::CatalogueWriter(const Options& options, const Services& services)
    : options_(options),
      services_(services),
      catalogue_(opened(services)),
      known_(catalogue_.count_present(services.shop.about().source)),
      how_{.run_id = services.run_id,
           .body_diff = [this](std::string_view before,
                               const catalogue::Product& after) { return changes_of(before, after.sku); }},
      counters_(services.metrics),
      guard_(options, services),
      compare_list_(services.metrics.timer("list_compare_seconds")),
      parse_detail_(services.metrics.timer("detail_parse_seconds")) {}

CatalogueWriter::Compared CatalogueWriter::add_page(std::vector<shop::ListPage::Row> page, int pass) {
  const auto timed = services_.metrics.time(compare_list_);
  Compared compared;
  if (options_.limit) {
    const auto left = static_cast<std::size_t>(std::max<std::int64_t>(0, *options_.limit - catalogue_.count_listed()));
    if (page.size() > left) page.resize(left);
  }
  std::size_t bytes = 0;
  for (const auto& row : page) bytes += row.packed.size();
  const bool fits = waiting_bytes_ + bytes <= kMostWaiting;
  std::vector<store::ListedProduct> rows;
  rows.reserve(page.size());
  for (const auto& row : page) rows.push_back({row.sku, row.list_hash, fits ? std::string() : row.packed});
  const auto standings = catalogue_.compare(rows, options_.full, pass);
  for (std::size_t i = 0; i < page.size(); ++i) compare(page[i], standings[i], fits, compared);
  return compared;
}

void CatalogueWriter::compare(shop::ListPage::Row& row, Standing standing, bool keep, Compared& rows) {
  if (standing == Standing::doubled) ++rows.doubled;
  if (standing == Standing::doubled || standing == Standing::again) return;
  ++rows.counted;
  switch (standing) {
    case Standing::unseen:
      ++rows.fresh;
      break;
    case Standing::changed:
      ++rows.changed;
      break;
    case Standing::unchanged:
      ++rows.unchanged;
      if (rows.known.size() < kKnownAPage) rows.known.push_back(row.sku);
      break;
    case Standing::doubled:
    case Standing::again:
      break;
  }
  if (standing == Standing::unchanged && !options_.full) return;
  rows.to_fetch.push_back({row.sku, standing != Standing::unseen});
  if (options_.dry_run) {
    const auto action = standing == Standing::unseen    ? Plan::Action::fetch_new
                        : standing == Standing::changed ? Plan::Action::fetch_changed
                                                        : Plan::Action::fetch_full;
    rows.plans.push_back(plan_of(row, action));
  } else if (keep) {
    waiting_bytes_ += row.packed.size();
    waiting_.emplace(std::move(row.sku), shop::KeptRow{row.list_hash, std::move(row.packed)});
  }
}

Plan CatalogueWriter::plan_of(const shop::ListPage::Row& row, Plan::Action action) {
  const auto stored = catalogue_.stored_row(row.sku);
  auto news = services_.shop.compare_rows(stored ? stored->json : "", row);
  if (action != Plan::Action::fetch_changed) news.changes.clear();
  return {action, row.sku, std::move(news.name), std::move(news.changes)};
}

// The row of this run; where it is unchanged, and the detail is fetched for its age, the one that is stored.
std::optional<shop::KeptRow> CatalogueWriter::take_row(const std::string& sku) {
  if (auto here = waiting_.extract(sku)) {
    waiting_bytes_ -= here.mapped().text.size();
    return std::move(here.mapped());
  }
  if (auto kept = catalogue_.take(sku)) {
    if (kept->json.empty()) return std::nullopt;  // it was here, and went
    return shop::KeptRow{kept->list_hash, std::move(kept->json), true};
  }
  if (auto stored = catalogue_.stored_row(sku)) return shop::KeptRow{stored->list_hash, std::move(stored->json), false};
  return std::nullopt;
}

StoreGuard::Verdict CatalogueWriter::judge_store(const std::string& why_not_whole) {
  const bool was_unproven = guard_.is_unproven();
  auto verdict = guard_.judge(why_not_whole);
  if (!verdict.same_store) return verdict;
  if (was_unproven) services_.on_accepted();
  if (options_.dry_run || !guard_.has_news() || catalogue_.count_listed() == 0) return verdict;
  catalogue_.remember(*guard_.news());
  guard_.remembered();
  return verdict;
}

void CatalogueWriter::add_detail(const Wanted& wanted, const std::shared_ptr<shop::Detail>& detail) {
  const auto row = take_row(wanted.sku);
  if (!row) return;  // fetched twice: the row went with the first
  if (batch_.empty()) batch_started_ = services_.clock.now();
  {
    const auto timed = services_.metrics.time(parse_detail_, {.sku = wanted.sku});
    auto product = detail->take_product(wanted.sku, *row);
    if (wanted.is_known) held_bytes_ += product.raw_json.size();
    batch_.push_back({std::move(product), wanted.is_known ? detail : nullptr});
  }
  if (batch_.size() >= static_cast<std::size_t>(options_.batch_size) || held_bytes_ >= kMostHeld) flush();
}

void CatalogueWriter::add_gone(const std::string& sku) {
  catalogue_.note_gone(sku);
}

void CatalogueWriter::tick() {
  if (!batch_.empty() && services_.clock.now() - batch_started_ >= kLongestWait) flush();
}

void CatalogueWriter::flush() {
  if (batch_.empty()) return;
  // In key order the index and the table are walked once (1.4 times faster on a large table).
  std::ranges::sort(batch_, {}, &Fetched::sku);
  std::vector<store::Delivery> deliveries;
  deliveries.reserve(batch_.size());
  for (const Fetched& fetched : batch_) deliveries.push_back({&fetched.product});
  const auto written = catalogue_.write({.products = deliveries, .verified = true, .owner = guard_.news()}, how_);
  guard_.remembered();
  counters_.add(written);
  counts_.written += static_cast<std::int64_t>(batch_.size()) - written.count(store::WriteOutcome::unchanged);
  counts_.enqueued += written.enqueued;
  batch_.clear();
  held_bytes_ = 0;
}

// Of a product of the batch that is being written.
std::vector<catalogue::Change> CatalogueWriter::changes_of(std::string_view stored_body, const std::string& sku) const {
  const auto found = std::ranges::lower_bound(batch_, sku, {}, &Fetched::sku);
  return found != batch_.end() && found->detail ? found->detail->changes_since(stored_body)
                                                : std::vector<catalogue::Change>();
}

std::vector<std::string> CatalogueWriter::due_for_check(bool use_share) {
  flush();
  const auto max_age = std::chrono::hours(24) * options_.max_detail_age_days;
  auto due = catalogue_.due_for_check(max_age, use_share && !options_.dry_run);
  std::erase_if(due, [this](const std::string& sku) { return !services_.shop.is_own_sku(sku); });
  return due;
}

// A list without any product, and a store in another's place, are no evidence that all is gone: that takes a word.
store::RemovalLimit CatalogueWriter::removal_limit() const {
  store::RemovalLimit limit = options_.max_removals;
  const bool all_may_go = limit.percent && *limit.percent >= 100;
  const bool is_empty = catalogue_.count_listed() == 0;
  if ((is_empty && !all_may_go) || (guard_.brings_another_store() && is_default(limit))) limit.at_most = 0;
  return limit;
}

CatalogueWriter::Removals CatalogueWriter::remove_absent(bool list_is_whole) {
  flush();
  Removals removals;
  store::Removals wanted{.source = services_.shop.about().source,
                         .run_id = services_.run_id,
                         .limit = removal_limit(),
                         .known = known_,
                         .list_is_whole = list_is_whole,
                         .marked = [&](const store::Written& written) {
                           counters_.add_enqueued(written.enqueued);
                           counts_.removed += written.count(store::WriteOutcome::updated);
                           counts_.enqueued += written.enqueued;
                         }};
  if (options_.dry_run)
    wanted.tell = [&](const store::RemovalCandidate& product) {
      removals.plans.push_back({Plan::Action::remove, product.sku, product.name, {}});
    };
  removals.held_back = store::remove_absent(catalogue_, wanted);
  return removals;
}

}  // namespace pipeline::sync
