#include "standing_gauges.h"

#include "pipeline/base/error.h"
#include "pipeline/status/status.h"

#include "todo_text.h"

namespace pipeline::cli {

std::vector<metrics::GaugeFamily> standing_gauges(store::Database& database, const Clock& clock) {
  try {
    store::Store store = database.open(clock, {.mode = store::Opening::Mode::read});
    const WallTime now = clock.wall();
    const status::Status status = status::read_status(database, store, clock);
    metrics::GaugeFamily todo{"todo", "Things that wait for a hand, by what is to be done.", {}};
    for (const TodoKind& kind : todo_kinds())
      todo.samples.push_back({{{"kind", std::string(kind.name)}}, static_cast<double>((status.*kind.list).size())});
    const auto entries = [](const char* word, std::int64_t count) {
      return std::pair(metrics::LabelList{{"status", word}}, static_cast<double>(count));
    };
    metrics::GaugeFamily queue{"queue_entries",
                               "Entries of the refresh queue.",
                               {entries("PENDING", status.queue.pending), entries("CLAIMED", status.queue.claimed),
                                entries("FAILED", status.queue.failed)}};
    const double oldest = status.queue.oldest_pending ? to_seconds(now - *status.queue.oldest_pending) : 0;
    return {
        std::move(todo),
        std::move(queue),
        {"queue_oldest_seconds", "How long the oldest entry that waits has waited; 0: none waits.", {{{}, oldest}}}};
  } catch (const Error&) {  // the run has told what is wrong with the database
    return {};
  }
}

}  // namespace pipeline::cli
