#include "batch_writer.h"

#include "pipeline/store/removals.h"
#include "pipeline/upsert/row_diff.h"
#include "pipeline/upsert/row_merge.h"

#include <fmt/core.h>

#include <algorithm>
#include <span>
#include <utility>

namespace pipeline::upsert {
namespace {

using store::WriteOutcome;

constexpr std::int64_t kMany = 8;  // one row in so many

// Why the writer did not take the row; empty when it did.
std::string fault_of(WriteOutcome outcome, const BatchRow& row) {
  switch (outcome) {
    case WriteOutcome::inserted:
    case WriteOutcome::updated:
    case WriteOutcome::unchanged:
      return {};
    case WriteOutcome::unknown:
      return fmt::format(
          "product {} is not in the database yet, and has no sale_price, which a new product of {} needs", row.sku,
          row.product.source);
    case WriteOutcome::unusable:
      return fmt::format("product {} cannot be completed by what is stored of it: give all of it, with --replace",
                         row.sku);
  }
  return {};
}

Plan::Action action_of(WriteOutcome outcome) noexcept {
  return outcome == WriteOutcome::inserted ? Plan::Action::add : Plan::Action::change;
}

}  // namespace

RowParser::Says says_of(const Options& options) noexcept {
  return options.replace ? RowParser::Says::all : RowParser::Says::part;
}

BatchWriter::BatchWriter(const Options& options, const Services& services, Rejects& rejects)
    : options_(options),
      services_(services),
      rejects_(rejects),
      parser_(options.source, says_of(options)),
      catalogue_(services.catalogue),
      how_{.run_id = services.run_id,
           .body_diff = make_row_diff(),
           .completion = options.replace ? store::Completion() : make_completion(options.source),
           .skip_equal = options.hash_skip,
           .follow_list = false},
      counters_(services.metrics),
      wants_parsed_(catalogue_.is_empty()) {
  if (!options.complete) return;
  catalogue_.begin_list(options.source);
  known_ = catalogue_.count_present(options.source);
}

void BatchWriter::write(Batch& batch, const Batch::Order& order) {
  had_to_be_parsed_ = 0;
  faulty_.clear();
  const std::span<BatchRow* const> rows(order.rows);
  if (!options_.row_commits || options_.dry_run) {
    write_rows(rows);
  } else {
    for (std::size_t i = 0; i < rows.size(); ++i) write_rows(rows.subspan(i, 1));
  }
  if (options_.complete) note_seen(rows);
  tell_faulty(batch);
  wants_parsed_ = had_to_be_parsed_ * kMany > static_cast<std::int64_t>(rows.size());
}

// What it did counts once it is committed.
void BatchWriter::write_rows(std::span<BatchRow* const> rows) {
  count_unchanged(rows);
  deliveries_.clear();
  for (const Changed& changed : changed_)
    deliveries_.push_back({&changed.row->product, may_be_new(changed.row->product)});
  if (deliveries_.empty()) return;
  if (options_.dry_run) return preview();
  const auto written = catalogue_.write({.products = deliveries_}, how_);
  counters_.add(written);
  for (std::size_t i = 0; i < changed_.size(); ++i) count(written.outcomes[i], changed_[i]);
}

// The cheapest proof comes first: a row is, byte for byte, what the stored product was made of. The others are parsed,
// and are `changed_`.
void BatchWriter::count_unchanged(std::span<BatchRow* const> rows) {
  proofs_.clear();
  if (options_.hash_skip)
    for (const BatchRow* row : rows)
      if (!row->parsed) proofs_.push_back({{options_.source, row->sku}, row->hash});
  const auto proven = proofs_.empty() ? std::vector<bool>() : catalogue_.are_made_of(proofs_, how_);
  counters_.add_skipped(std::ranges::count(proven, true));
  changed_.clear();
  auto next = proven.begin();
  for (BatchRow* row : rows) {
    const bool was_parsed = row->parsed;
    if (options_.hash_skip && !was_parsed && *next++) {
      count(WriteOutcome::unchanged, *row);
    } else if (parse_row(*row, parser_)) {
      changed_.push_back({row, was_parsed});
    } else {
      refuse(*row);
    }
  }
}

void BatchWriter::preview() {
  auto previews = catalogue_.preview(deliveries_, how_);
  for (std::size_t i = 0; i < changed_.size(); ++i) {
    auto& [outcome, name, changes] = previews[i];
    count(outcome, changed_[i]);
    if (outcome == WriteOutcome::inserted || outcome == WriteOutcome::updated)
      services_.on_plan({action_of(outcome), changed_[i].row->sku, std::move(name), std::move(changes)});
  }
}

void BatchWriter::note_seen(std::span<BatchRow* const> rows) {
  skus_.clear();
  for (const BatchRow* row : rows) {
    const bool is_of_source = !row->parsed || row->product.source == options_.source;  // not parsed: it is as stored
    if (row->fault.empty() && is_of_source) skus_.push_back(row->sku);
  }
  source_seen_ |= !skus_.empty();
  catalogue_.note_listed(skus_);
}

std::optional<store::HeldBackRemovals> BatchWriter::remove_absent() {
  store::Removals wanted{.source = options_.source,
                         .run_id = services_.run_id,
                         .limit = options_.max_removals,
                         .known = known_,
                         .list_is_whole = true,
                         .marked = [&](const store::Written& written) {
                           counters_.add_enqueued(written.enqueued);
                           counts_.removed += written.count(WriteOutcome::updated);
                         }};
  if (options_.dry_run)
    wanted.tell = [&](const store::RemovalCandidate& product) {
      services_.on_plan({Plan::Action::remove, product.sku, product.name, {}});
      ++counts_.removed;
    };
  return store::remove_absent(catalogue_, wanted);
}

void BatchWriter::count(WriteOutcome outcome, const Changed& changed) {
  if (!changed.came_parsed || outcome != WriteOutcome::unchanged) ++had_to_be_parsed_;
  count(outcome, *changed.row);
}

void BatchWriter::count(WriteOutcome outcome, BatchRow& row) {
  row.fault = fault_of(outcome, row);
  if (!row.fault.empty()) return refuse(row);
  counts_.inserted += outcome == WriteOutcome::inserted ? 1 : 0;
  counts_.updated += outcome == WriteOutcome::updated ? 1 : 0;
  counts_.unchanged += outcome == WriteOutcome::unchanged ? 1 : 0;
  for (const BatchRow* one = row.earlier; one != nullptr; one = one->earlier) ++counts_.superseded;
}

// The row has a fault, which those that it followed share.
void BatchWriter::refuse(BatchRow& row) {
  faulty_.push_back(&row);
  for (BatchRow* one = row.earlier; one != nullptr; one = one->earlier) {
    one->fault = row.fault;
    faulty_.push_back(one);
  }
}

// In the order of the file.
void BatchWriter::tell_faulty(const Batch& batch) {
  std::ranges::sort(faulty_, {}, &BatchRow::line);
  for (const BatchRow* row : faulty_) rejects_.add(batch.file(), batch.header(), row->line, row->fault, row->original);
}

}  // namespace pipeline::upsert
