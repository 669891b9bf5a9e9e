#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/base/sha256.h"
#include "pipeline/catalogue/product.h"
#include "pipeline/catalogue/queue_entry.h"

#include "connection.h"
#include "result.h"
#include "values.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::store::postgres {

// What is put into the refresh queue with a batch of products, each of which has changed once: the entries that wait
// for them are read in one round trip, merged here, and written in another. What may become of them, Queue says.
class RefreshQueue {
 public:
  RefreshQueue(std::string database, WallTime now) : database_(std::move(database)), now_(now) {}

  // Reads the entries that wait for these products, and keeps them as they are until the transaction ends. What it
  // answers is for take(), which borrows it.
  [[nodiscard]] static Statement reading(const Column& skus, const Column& sources);
  void take(const Result& waiting);

  // False: all is as it was when the entry that waits was added, and nothing is left to tell.
  bool add(const catalogue::ProductKey& product, std::vector<catalogue::Change> changes);

  // Adds the statements that write what was added since the last call.
  void write(std::vector<Statement>& statements);

 private:
  bool merge(const catalogue::QueueEntry& waiting, std::vector<catalogue::Change> changes);

  const std::string database_;
  const WallTime now_;
  Sha256Hasher hasher_;
  std::map<std::pair<std::string_view, std::string_view>, catalogue::QueueEntry> waiting_;  // by source and SKU

  struct Added {
    Column skus{Column::Type::text};
    Column sources{Column::Type::text};
    Column reasons{Column::Type::text};
    Column changes{Column::Type::text};
  } added_;
  struct Merged {
    Column ids{Column::Type::number};
    Column reasons{Column::Type::text};
    Column changes{Column::Type::text};
  } merged_;
  Column settled_{Column::Type::number};
};

}  // namespace pipeline::store::postgres
