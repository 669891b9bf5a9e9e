#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/store/catalogue.h"

#include "connection.h"
#include "product_row.h"
#include "refresh_queue.h"
#include "result.h"
#include "stored_products.h"
#include "values.h"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace pipeline::store::postgres {

// How many of the products, from the first on, differ in their keys: so many can be written together.
[[nodiscard]] std::size_t count_distinct(std::span<const Delivery> products);

// Writes products, whose keys differ, with their queue entries, as Catalogue says: what they are compared with is read
// in one round trip, and what becomes of them is written in another, piece by piece.
class ProductWriter {
 public:
  // `verified`: as Batch says. The products and the writing are borrowed.
  ProductWriter(const Connection& connection, std::span<const Delivery> products, const Writing& how, bool verified);

  [[nodiscard]] std::vector<Statement> reading() const;
  // What reading() answered.
  void take(std::vector<Result> answers);

  // Decides on some more of them, and returns the statements that carry it out. What it adds to `written` counts once
  // these are committed.
  [[nodiscard]] std::vector<Statement> decide_some(Written& written);
  [[nodiscard]] bool is_done() const noexcept { return next_ == products_.size(); }

 private:
  // What is written of some of the products.
  struct Piece;
  [[nodiscard]] WriteOutcome decide(Piece& piece, std::int64_t& enqueued);
  [[nodiscard]] WriteOutcome decide_failure(Piece& piece) const;
  void write(Piece piece, std::vector<Statement>& statements) const;

  const std::span<const Delivery> products_;
  const Writing& how_;
  const bool verified_;
  const WallTime now_;
  std::vector<Result> answers_;
  std::optional<StoredProducts> stored_;  // of answers_
  RefreshQueue queue_;
  std::size_t next_ = 0;
};

}  // namespace pipeline::store::postgres
