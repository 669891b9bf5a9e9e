#include "catalogue_writer.h"

#include "pipeline/naver/contract.h"
#include "pipeline/naver/product_detail.h"

#include <algorithm>
#include <utility>

namespace pipeline::sync {
namespace {

using store::Standing;

constexpr auto kLongestWait = std::chrono::seconds(5);
constexpr std::size_t kKnownAPage = 4;

// What looks at the list comes after it was begun.
store::Catalogue& opened(store::Catalogue& catalogue) {
  catalogue.begin_list(naver::kSource);
  return catalogue;
}

}  // namespace

CatalogueWriter::CatalogueWriter(const Options& options, const Services& services)
    : options_(options),
      services_(services),
      catalogue_(opened(services.catalogue)),
      known_(catalogue_.count_present(naver::kSource)),
      how_{.run_id = services.run_id,
           .body_diff = [](std::string_view before,
                           const catalogue::Product& after) { return naver::diff_details(before, after.raw_json); }},
      counters_(services.metrics),
      guard_(options, services),
      parse_list_(services.metrics.timer("list_parse_seconds")),
      parse_detail_(services.metrics.timer("detail_parse_seconds")) {}

CatalogueWriter::Page CatalogueWriter::add_page(std::string_view body, const ListPlan::Request& request) {
  const auto timed = services_.metrics.time(parse_list_);
  Page page;
  naver::ListPage listed;
  try {
    listed = naver::parse_list_page(body);
  } catch (const naver::ContractError& e) {
    page.error = e.what();
    return page;
  }
  page.total_elements = listed.total_elements;
  page.total_pages = listed.total_pages;
  page.elements = listed.elements;
  if (page.total_elements > request.most) return page;
  page.bad_rows = std::move(listed.bad_rows);
  if (options_.limit) {
    const auto left = static_cast<std::size_t>(std::max<std::int64_t>(0, *options_.limit - catalogue_.count_listed()));
    if (listed.rows.size() > left) listed.rows.resize(left);
  }
  const auto standings = catalogue_.compare(listed.rows, options_.full, request.pass);
  for (std::size_t i = 0; i < listed.rows.size(); ++i) compare(listed.rows[i], standings[i], page);
  return page;
}

void CatalogueWriter::compare(const store::ListedProduct& row, Standing standing, Page& page) {
  if (standing == Standing::doubled) ++page.doubled;
  if (standing == Standing::doubled || standing == Standing::again) return;
  ++page.rows;
  switch (standing) {
    case Standing::unseen:
      ++page.fresh;
      break;
    case Standing::changed:
      ++page.changed;
      break;
    case Standing::unchanged:
      ++page.unchanged;
      if (page.known.size() < kKnownAPage) page.known.push_back(row.sku);
      break;
    case Standing::doubled:
    case Standing::again:
      break;
  }
  if (standing == Standing::unchanged && !options_.full) return;
  page.to_fetch.push_back(row.sku);
  if (!options_.dry_run) return;
  const auto action = standing == Standing::unseen    ? Plan::Action::fetch_new
                      : standing == Standing::changed ? Plan::Action::fetch_changed
                                                      : Plan::Action::fetch_full;
  page.plans.push_back(plan_of(row, action));
}

Plan CatalogueWriter::plan_of(const store::ListedProduct& row, Plan::Action action) {
  Plan plan{action, row.sku, naver::name_of_row(row.json), {}};
  if (action != Plan::Action::fetch_changed) return plan;
  if (const auto stored = catalogue_.stored_row(row.sku)) plan.changes = naver::diff_list_rows(stored->json, row.json);
  return plan;
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

void CatalogueWriter::add_detail(const std::string& sku, std::string_view body) {
  auto row = catalogue_.take(sku);
  if (!row) row = catalogue_.stored_row(sku);  // unchanged in the list: a check of its age
  if (!row) return;                            // fetched twice: the row went with the first
  if (batch_.empty()) batch_started_ = services_.clock.now();
  {
    const auto timed = services_.metrics.time(parse_detail_, {.sku = sku});
    batch_.push_back(naver::make_product(sku, *row, body));
  }
  if (batch_.size() >= static_cast<std::size_t>(options_.batch_size)) flush();
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
  std::ranges::sort(batch_, {}, &catalogue::Product::sku);
  std::vector<store::Delivery> deliveries;
  deliveries.reserve(batch_.size());
  for (const auto& product : batch_) deliveries.push_back({&product});
  const auto written = catalogue_.write({.products = deliveries, .verified = true, .owner = guard_.news()}, how_);
  guard_.remembered();
  counters_.add(written);
  counts_.written += static_cast<std::int64_t>(batch_.size()) - written.count(store::WriteOutcome::unchanged);
  counts_.enqueued += written.enqueued;
  batch_.clear();
}

std::vector<std::string> CatalogueWriter::due_for_check(bool use_share) {
  flush();
  const auto max_age = std::chrono::hours(24) * options_.max_detail_age_days;
  return catalogue_.due_for_check(max_age, use_share && !options_.dry_run);
}

CatalogueWriter::Removals CatalogueWriter::remove_absent(bool list_is_whole) {
  flush();
  Removals removals;
  store::Removals wanted{.source = naver::kSource,
                         .run_id = services_.run_id,
                         .limit = options_.max_removals,
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
