#include "batch_writer.h"

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
constexpr int kRemovalsAtATime = 1000;

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

store::Unknown unknown_of(const catalogue::Product& product) noexcept {
  return may_be_new(product) ? store::Unknown::insert : store::Unknown::refuse;
}

bool is_empty(store::Database& database) {
  store::Statement any(database, "look for products", "SELECT 1 FROM products LIMIT 1");
  const store::Statement::Use use(any);
  return !any.step();
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
      writer_(services.database, services.metrics, make_row_diff(), services.run_id,
              {.skip_equal = options.hash_skip, .follow_list = false, .sku_is_key = options.sku_is_key},
              options.replace ? store::Completion() : make_completion(options.source)),
      upsert_(services.metrics.timer("db_upsert_seconds")),
      wants_parsed_(is_empty(services.database)) {
  if (!options.complete) return;
  seen_.emplace(services.database, options.source);
  known_ = store::count_present(services.database, options.source);
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
  if (seen_) note_seen(rows);
  tell_faulty(batch);
  wants_parsed_ = had_to_be_parsed_ * kMany > static_cast<std::int64_t>(rows.size());
}

// One transaction; what it did counts once it is committed.
void BatchWriter::write_rows(std::span<BatchRow* const> rows) {
  Counts counts = counts_;
  if (options_.dry_run) {
    for (BatchRow* row : rows) preview_row(*row, counts);
    counts_ = counts;
    return;
  }
  store::Transaction transaction(services_.database);
  {
    const auto timed = services_.metrics.time(upsert_);
    for (BatchRow* row : rows) write_row(*row, counts);
  }
  commit(transaction, counts.inserted + counts.updated > counts_.inserted + counts_.updated);
  counts_ = counts;
}

void BatchWriter::commit(store::Transaction& transaction, bool writes) {
  if (writes && !wrote_) services_.on_first_write();
  transaction.commit();
  wrote_ |= writes;
}

void BatchWriter::note_seen(std::span<BatchRow* const> rows) {
  skus_.clear();
  for (const BatchRow* row : rows) {
    const bool is_of_source = !row->parsed || row->product.source == options_.source;  // not parsed: it is as stored
    if (row->fault.empty() && is_of_source) skus_.push_back(row->sku);
  }
  source_seen_ |= !skus_.empty();
  seen_->note(skus_);
}

std::optional<store::HeldBackRemovals> BatchWriter::remove_absent() {
  constexpr bool kAllWereSeen = true;
  const auto found = seen_->count_absent(kAllWereSeen);
  if (found > options_.max_removals.allowed(known_))
    return store::HeldBackRemovals{options_.max_removals, known_, found,
                                   seen_->absent(kAllWereSeen, "", store::HeldBackRemovals::kExamples)};
  for (std::string after;;) {
    const auto absent = seen_->absent(kAllWereSeen, after, kRemovalsAtATime);
    if (absent.empty()) return std::nullopt;
    after = absent.back().sku;
    options_.dry_run ? plan_removals(absent) : remove(absent);
    counts_.removed += static_cast<std::int64_t>(absent.size());
  }
}

void BatchWriter::plan_removals(const std::vector<store::RemovalCandidate>& absent) const {
  for (const auto& [sku, name] : absent) services_.on_plan({Plan::Action::remove, sku, name, {}});
}

void BatchWriter::remove(const std::vector<store::RemovalCandidate>& absent) {
  store::Transaction transaction(services_.database);
  for (const auto& product : absent) (void)writer_.remove({options_.source, product.sku});
  commit(transaction, true);
}

void BatchWriter::write_row(BatchRow& row, Counts& counts) {
  if (is_unchanged(row)) return count(WriteOutcome::unchanged, row, counts);
  const bool came_parsed = row.parsed;
  if (!parse_row(row, parser_)) return refuse(row);
  const WriteOutcome outcome = writer_.write(row.product, unknown_of(row.product));
  if (!came_parsed || outcome != WriteOutcome::unchanged) ++had_to_be_parsed_;
  count(outcome, row, counts);
}

void BatchWriter::preview_row(BatchRow& row, Counts& counts) {
  if (is_unchanged(row)) return count(WriteOutcome::unchanged, row, counts);
  if (!parse_row(row, parser_)) return refuse(row);
  auto preview = writer_.preview(row.product, unknown_of(row.product));
  count(preview.outcome, row, counts);
  if (preview.outcome == WriteOutcome::inserted || preview.outcome == WriteOutcome::updated)
    services_.on_plan({action_of(preview.outcome), row.sku, std::move(preview.name), std::move(preview.changes)});
}

// The cheapest proof comes first: the row is, byte for byte, what the stored product was made of.
bool BatchWriter::is_unchanged(const BatchRow& row) {
  return options_.hash_skip && !row.parsed && writer_.is_made_of(row.hash, {options_.source, row.sku});
}

void BatchWriter::count(WriteOutcome outcome, BatchRow& row, Counts& counts) {
  row.fault = fault_of(outcome, row);
  if (!row.fault.empty()) return refuse(row);
  counts.inserted += outcome == WriteOutcome::inserted ? 1 : 0;
  counts.updated += outcome == WriteOutcome::updated ? 1 : 0;
  counts.unchanged += outcome == WriteOutcome::unchanged ? 1 : 0;
  for (const BatchRow* one = row.earlier; one != nullptr; one = one->earlier) ++counts.superseded;
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
