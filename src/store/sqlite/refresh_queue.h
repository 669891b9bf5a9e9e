#pragma once

#include "pipeline/base/sha256.h"
#include "pipeline/catalogue/product.h"
#include "pipeline/catalogue/queue_entry.h"

#include "connection.h"
#include "statement.h"

#include <optional>
#include <vector>

namespace pipeline::store::sqlite {

// What became of an enqueued change.
enum class Enqueued {
  added,    // a new PENDING row
  merged,   // put into the PENDING row that was there
  settled,  // everything is as it was when that row was added: the row is gone
};

// The refresh queue: at most one PENDING row a product. A further change is merged into it: a field that changed twice
// keeps its first old and its last new value, and goes when they are equal; the row's reasons are those of the changes
// that remain; a row whose every change has gone is deleted. NEW and REMOVED are changes of the field `product` that
// replace each other and never go: a post may have been written in between. For the same reason nothing goes from a row
// that was claimed before. CLAIMED, DONE and FAILED rows are left alone. Same thread as its database.
class RefreshQueue {
 public:
  explicit RefreshQueue(Connection& connection);

  // Inside the caller's transaction; `changes` is not empty.
  Enqueued enqueue(const catalogue::ProductKey& product, std::vector<catalogue::Change> changes);

  // Writes an entry that was claimed or failed and is PENDING now, inside the caller's transaction: joined() with the
  // row of its product that waits, if there is one.
  void put_back(const catalogue::QueueEntry& entry);

 private:
  Enqueued merge(const catalogue::ProductKey& product, std::vector<catalogue::Change> changes);
  std::optional<catalogue::QueueEntry> pending(const catalogue::ProductKey& product);

  Connection& connection_;
  Sha256Hasher hasher_;
  Statement add_;
  Statement find_;
  Statement update_;
  Statement put_back_;
  Statement delete_;
};

}  // namespace pipeline::store::sqlite
