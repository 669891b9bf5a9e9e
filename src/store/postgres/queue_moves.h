#pragma once

#include "pipeline/store/queue_rules.h"

#include "connection.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace pipeline::store::postgres {

// The entries of one transaction that are to be moved, and those that wait for the same products: read in one round
// trip, moved here, written in another.
class QueueMoves {
 public:
  // Reads the entries, which nobody else changes then until the transaction ends. `which`: a condition on
  // `@refresh_queue AS q` with these values; an order and a limit may follow it.
  QueueMoves(Transaction& transaction, const Connection& connection, const std::string& which, const Values& values);

  // Of those that are to be moved, in the order in which they were read.
  [[nodiscard]] const std::vector<std::int64_t>& ids() const noexcept { return ids_; }
  // Null: there is no such entry, or not any more.
  [[nodiscard]] const catalogue::QueueEntry* find(std::int64_t id) const;

  QueueMove move(const QueueOrder& order, const std::optional<std::string>& worker);

  // What was moved; no statement when nothing was.
  [[nodiscard]] std::vector<Statement> writing() const;

 private:
  void put_in(const Result& rows);
  void put_back(const catalogue::QueueEntry& returned);

  using Product = std::pair<std::string, std::string>;  // source and SKU

  const std::string& database_;
  const WallTime now_;
  std::vector<std::int64_t> ids_;
  std::map<std::int64_t, catalogue::QueueEntry> entries_;
  std::map<Product, std::int64_t> waiting_;  // the entry that is PENDING
  std::set<std::int64_t> changed_;
  std::set<std::int64_t> deleted_;
};

}  // namespace pipeline::store::postgres
