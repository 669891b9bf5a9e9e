#include "catalogue_writer.h"

#include <algorithm>
#include <utility>

namespace pipeline::sync {
namespace {

using Standing = store::Listing::Standing;

constexpr auto kLongestWait = std::chrono::seconds(5);
constexpr int kRemovalsAtATime = 1000;
constexpr std::size_t kKnownAPage = 4;
// Of the bodies whose parsed form a batch holds, which is ten times as much.
constexpr std::size_t kMostHeld = std::size_t{4} << 20;
// Of rows that wait in memory; the others are written to a temporary table, and read again.
constexpr std::size_t kMostWaiting = std::size_t{16} << 20;

}  // namespace

CatalogueWriter::CatalogueWriter(const Options& options, const Services& services)
    : options_(options),
      services_(services),
      known_(store::count_present(services.database, services.shop.about().source)),
      listing_(services.database, std::string(services.shop.about().source)),
      guard_(options, services, listing_),
      ages_(services.database, listing_),
      writer_(
          services.database, services.metrics,
          [this](std::string_view before, std::string_view) {
            return writing_ ? writing_->changes_since(before) : std::vector<catalogue::Change>();
          },
          services.run_id),
      enqueued_(services.metrics.counter("refresh_queue_enqueue_total")),
      compare_list_(services.metrics.timer("list_compare_seconds")),
      parse_detail_(services.metrics.timer("detail_parse_seconds")),
      upsert_(services.metrics.timer("db_upsert_seconds")) {}

CatalogueWriter::Compared CatalogueWriter::add_page(std::vector<shop::ListPage::Row> page, int pass) {
  const auto timed = services_.metrics.time(compare_list_);
  Compared compared;
  if (options_.limit) {
    const auto left = static_cast<std::size_t>(std::max<std::int64_t>(0, *options_.limit - listing_.size()));
    if (page.size() > left) page.resize(left);
  }
  std::size_t bytes = 0;
  for (const auto& row : page) bytes += row.packed.size();
  const bool fits = waiting_bytes_ + bytes <= kMostWaiting;
  std::vector<store::ListedProduct> rows;
  rows.reserve(page.size());
  for (const auto& row : page) rows.push_back({row.sku, row.list_hash, fits ? std::string() : row.packed});
  const auto standings = listing_.add(rows, options_.full, pass);
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
  const auto stored = listing_.stored(row.sku);
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
  if (auto kept = listing_.take(sku)) {
    if (kept->json.empty()) return std::nullopt;  // it was here, and went
    return shop::KeptRow{kept->list_hash, std::move(kept->json), true};
  }
  if (auto stored = listing_.stored(sku)) return shop::KeptRow{stored->list_hash, std::move(stored->json), false};
  return std::nullopt;
}

StoreGuard::Verdict CatalogueWriter::judge_store(const std::string& why_not_whole) {
  const bool was_unproven = guard_.is_unproven();
  auto verdict = guard_.judge(why_not_whole);
  if (!verdict.same_store) return verdict;
  if (was_unproven) services_.on_accepted();
  if (options_.dry_run || !guard_.has_news() || listing_.size() == 0) return verdict;
  store::Transaction transaction(services_.database);
  guard_.remember();
  transaction.commit();
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
  listing_.note_gone(sku);
}

void CatalogueWriter::tick() {
  if (!batch_.empty() && services_.clock.now() - batch_started_ >= kLongestWait) flush();
}

void CatalogueWriter::flush() {
  if (batch_.empty()) return;
  // In key order the index and the table are walked once (1.4 times faster on a large table).
  std::ranges::sort(batch_, {}, [](const Fetched& fetched) -> const std::string& { return fetched.product.sku; });
  const WallTime now = services_.clock.wall();
  store::Transaction transaction(services_.database);
  guard_.remember();
  std::int64_t written = 0;
  {
    const auto timed = services_.metrics.time(upsert_);
    for (const auto& [product, detail] : batch_) {
      writing_ = detail.get();
      if (writer_.write(product) != store::WriteOutcome::unchanged) ++written;
      if (product.parse_status == catalogue::ParseStatus::ok) ages_.verified(product.sku, now);
    }
  }
  transaction.commit();
  counts_.written += written;
  counts_.enqueued = static_cast<std::int64_t>(enqueued_.value());
  batch_.clear();
  held_bytes_ = 0;
}

std::vector<std::string> CatalogueWriter::due_for_check(bool use_share) {
  flush();
  const auto max_age = std::chrono::hours(24) * options_.max_detail_age_days;
  const WallTime now = services_.clock.wall();
  auto due = ages_.due(services_.shop.about().source, now, max_age);
  if (options_.dry_run || !use_share) return std::move(due.skus);
  store::Transaction transaction(services_.database);
  ages_.given(services_.shop.about().source, due);
  transaction.commit();
  return std::move(due.skus);
}

CatalogueWriter::Removals CatalogueWriter::remove_absent(bool list_is_whole) {
  flush();
  Removals removals;
  const auto found = listing_.count_absent(list_is_whole);
  if (found > options_.max_removals.allowed(known_)) {
    removals.held_back = {options_.max_removals, known_, found,
                          listing_.absent(list_is_whole, "", store::HeldBackRemovals::kExamples)};
    return removals;
  }
  for (std::string after;;) {
    const auto absent = listing_.absent(list_is_whole, after, kRemovalsAtATime);
    if (absent.empty()) return removals;
    after = absent.back().sku;
    if (options_.dry_run) {
      for (const auto& [sku, name] : absent) removals.plans.push_back({Plan::Action::remove, sku, name, {}});
      continue;
    }
    store::Transaction transaction(services_.database);
    std::int64_t removed = 0;
    for (const auto& product : absent)
      if (writer_.remove(product.sku)) ++removed;
    transaction.commit();
    counts_.removed += removed;
    counts_.enqueued = static_cast<std::int64_t>(enqueued_.value());
  }
}

}  // namespace pipeline::sync
