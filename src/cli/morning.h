#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/media/thumbnail.h"
#include "pipeline/report/morning.h"
#include "pipeline/store/database.h"

#include "morning_words.h"

#include <optional>
#include <string>

namespace pipeline::cli {

struct MorningRequest {
  decltype(&media::make_thumbnail) make_thumbnail;
  std::optional<WallTime> page_before{};  // when the page was made that this one takes the place of
  Korean korean = [](std::string_view english) { return std::string(english); };
};

// What the page says before the measurements, of a store of this database that was opened for reading.
[[nodiscard]] report::Morning make_morning(const store::Database& database, store::Store& store, const Clock& clock,
                                           const MorningRequest& request);

}  // namespace pipeline::cli
