#pragma once

#include "pipeline/store/catalogue.h"
#include "pipeline/store/write_counters.h"
#include "pipeline/upsert/row_parser.h"
#include "pipeline/upsert/upsert.h"

#include "batch.h"
#include "rejects.h"

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace pipeline::upsert {

// What the rows of a run say of their products.
[[nodiscard]] RowParser::Says says_of(const Options& options) noexcept;

// Brings batches into the database. After construction all but the functions said to be thread-safe belong to the
// worker's thread.
class BatchWriter {
 public:
  BatchWriter(const Options& options, const Services& services, Rejects& rejects);

  void write(Batch& batch, const Batch::Order& order);

  // Marks what the rows that were written no longer have of Options::source; the caller knows that they are all of it.
  // More than the limit allows: nothing is, and the answer tells of it.
  [[nodiscard]] std::optional<store::HeldBackRemovals> remove_absent();
  // Whether any row was of Options::source.
  [[nodiscard]] bool has_seen_source() const noexcept { return source_seen_; }

  // Whether rows had better be parsed before they come here: many of the last batch were new, changed or spelt
  // differently. In an unchanged file none needs to be parsed at all, since its bytes are those stored. Thread-safe.
  [[nodiscard]] bool wants_parsed_rows() const noexcept { return wants_parsed_; }

  struct Counts {
    std::int64_t inserted = 0;
    std::int64_t updated = 0;
    std::int64_t unchanged = 0;
    std::int64_t superseded = 0;  // rows that others of their batch followed
    std::int64_t removed = 0;     // products that the rows no longer had
  };
  // Of what was committed.
  [[nodiscard]] const Counts& counts() const noexcept { return counts_; }

 private:
  // A row that is not known to be as stored, parsed.
  struct Changed {
    BatchRow* row;
    bool came_parsed;
  };
  void write_rows(std::span<BatchRow* const> rows);
  void count_unchanged(std::span<BatchRow* const> rows);
  void preview();
  void count(store::WriteOutcome outcome, const Changed& changed);
  void count(store::WriteOutcome outcome, BatchRow& row);
  void refuse(BatchRow& row);
  void note_seen(std::span<BatchRow* const> rows);
  void tell_faulty(const Batch& batch);

  const Options& options_;
  const Services& services_;
  Rejects& rejects_;
  RowParser parser_;
  store::Catalogue& catalogue_;
  const store::Writing how_;
  store::WriteCounters counters_;
  bool source_seen_ = false;
  std::int64_t known_ = 0;  // products that were present before it
  Counts counts_;
  std::int64_t had_to_be_parsed_ = 0;    // of the batch, as far as one can tell
  std::vector<const BatchRow*> faulty_;  // of the batch
  std::vector<std::string_view> skus_;   // of its rows
  std::vector<store::RowProof> proofs_;  // of those not parsed
  std::vector<Changed> changed_;
  std::vector<store::Delivery> deliveries_;  // of these
  std::atomic<bool> wants_parsed_;
};

}  // namespace pipeline::upsert
