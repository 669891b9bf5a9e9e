#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/catalogue/queue_entry.h"

#include "command.h"
#include "output.h"

#include <string>
#include <vector>

namespace pipeline::cli {

// Queue entries as a table, CSV (RFC 4180) or a JSON array, written piece by piece: memory does not grow with their
// number.
class QueueRows {
 public:
  // `now` is what the table's ages are counted from.
  QueueRows(Format format, WallTime now, Output& output);

  void add(const catalogue::QueueEntry& entry);
  void end();

 private:
  void print();

  const Format format_;
  const WallTime now_;
  Output& output_;
  std::vector<std::vector<std::string>> lines_;  // of the table, not written yet
  bool any_ = false;
};

}  // namespace pipeline::cli
