#include "batch_writer.h"

#include "pipeline/upsert/row_diff.h"

#include <fmt/core.h>

#include <algorithm>
#include <span>
#include <utility>

namespace pipeline::upsert {
namespace {

using store::WriteOutcome;

constexpr std::int64_t kMany = 8;  // one row in so many

void count(WriteOutcome outcome, BatchWriter::Counts& counts) {
  switch (outcome) {
    case WriteOutcome::inserted:
      ++counts.inserted;
      break;
    case WriteOutcome::updated:
      ++counts.updated;
      break;
    case WriteOutcome::unchanged:
      ++counts.unchanged;
      break;
    case WriteOutcome::foreign:
      break;
  }
}

bool is_empty(store::Database& database) {
  store::Statement any(database, "look for products", "SELECT 1 FROM products LIMIT 1");
  const store::Statement::Use use(any);
  return !any.step();
}

}  // namespace

BatchWriter::BatchWriter(const Options& options, const Services& services, Rejects& rejects)
    : options_(options),
      services_(services),
      rejects_(rejects),
      parser_(options.source),
      writer_(services.database, services.metrics, make_row_diff(), services.run_id,
              {.skip_equal = options.hash_skip,
               .follow_list = false,
               .keep_source = true,
               .sku_is_key = options.sku_is_key}),
      upsert_(services.metrics.timer("db_upsert_seconds")),
      wants_parsed_(is_empty(services.database)) {}

void BatchWriter::write(Batch& batch, const Batch::Order& order) {
  had_to_be_parsed_ = 0;
  faulty_.clear();
  const std::span<BatchRow* const> rows(order.rows);
  if (!options_.row_commits || options_.dry_run) {
    write_rows(rows);
  } else {
    for (std::size_t i = 0; i < rows.size(); ++i) write_rows(rows.subspan(i, 1));
  }
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
  const bool writes = counts.inserted + counts.updated > counts_.inserted + counts_.updated;
  if (writes && !wrote_) services_.on_first_write();
  transaction.commit();
  wrote_ |= writes;
  counts_ = counts;
}

void BatchWriter::write_row(BatchRow& row, Counts& counts) {
  if (is_unchanged(row)) {
    ++counts.unchanged;
    return;
  }
  const bool came_parsed = row.parsed;
  if (!parse_row(row, parser_)) return faulty_.push_back(&row);
  const WriteOutcome outcome = writer_.write(row.product);
  if (!came_parsed || outcome != WriteOutcome::unchanged) ++had_to_be_parsed_;
  outcome == WriteOutcome::foreign ? refuse(row) : count(outcome, counts);
}

void BatchWriter::preview_row(BatchRow& row, Counts& counts) {
  if (is_unchanged(row)) {
    ++counts.unchanged;
    return;
  }
  if (!parse_row(row, parser_)) return faulty_.push_back(&row);
  auto preview = writer_.preview(row.product);
  if (preview.outcome == WriteOutcome::foreign) return refuse(row);
  count(preview.outcome, counts);
  if (preview.outcome != WriteOutcome::unchanged)
    services_.on_plan({preview.outcome, row.sku, row.product.name.value_or(""), std::move(preview.changes)});
}

// The cheapest proof comes first: the row is, byte for byte, what the stored product was made of.
bool BatchWriter::is_unchanged(const BatchRow& row) {
  return options_.hash_skip && !row.parsed && writer_.is_made_of(row.hash, row.sku, options_.source);
}

void BatchWriter::refuse(BatchRow& row) {
  row.fault = fmt::format(
      "product {} is in the database from another source than {}: name that one, with --source or in the "
      "row, to replace it",
      row.sku, row.product.source);
  faulty_.push_back(&row);
}

// In the order of the file.
void BatchWriter::tell_faulty(const Batch& batch) {
  std::ranges::sort(faulty_, {}, &BatchRow::line);
  for (const BatchRow* row : faulty_) rejects_.add(batch.file(), batch.header(), row->line, row->fault, row->original);
}

}  // namespace pipeline::upsert
