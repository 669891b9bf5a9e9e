#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/metrics/report.h"
#include "pipeline/store/database.h"

#include <vector>

namespace pipeline::cli {

// todo{kind}, queue_entries{status} and queue_oldest_seconds, as the database has them now; none when it can't be read.
[[nodiscard]] std::vector<metrics::GaugeFamily> standing_gauges(store::Database& database, const Clock& clock);

}  // namespace pipeline::cli
