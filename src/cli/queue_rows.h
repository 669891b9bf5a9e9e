#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/catalogue/queue_entry.h"
#include "pipeline/cli/command_line.h"

#include <functional>
#include <memory>
#include <string_view>

namespace pipeline::cli {

// Queue entries as a table, CSV (RFC 4180) or a JSON array, given to `write` piece by piece: memory does not grow with
// their number.
class QueueRows {
 public:
  using Write = std::function<void(std::string_view)>;

  virtual ~QueueRows() = default;
  virtual void add(const catalogue::QueueEntry& entry) = 0;
  virtual void end() = 0;
};

// `now` is what the table's ages are counted from.
[[nodiscard]] std::unique_ptr<QueueRows> make_queue_rows(QueueCommand::Format format, WallTime now,
                                                         QueueRows::Write write);

}  // namespace pipeline::cli
