#pragma once

#include "pipeline/store/catalogue.h"
#include "pipeline/store/removal_limit.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace pipeline::store {

struct Removals {
  std::string_view source;  // that of the catalogue's list
  std::string_view run_id;
  RemovalLimit limit;
  std::int64_t known = 0;  // products of the source that were present before the run
  bool list_is_whole = false;
  // Hears of each page that was marked, once that is committed.
  std::function<void(const Written&)> marked;
  // Set: nothing is marked, and each is told.
  std::function<void(const RemovalCandidate&)> tell{};
};

// Marks the products that are absent from the catalogue's list, so many at a time; none of them when they are more than
// the limit allows, which is then said.
[[nodiscard]] std::optional<HeldBackRemovals> remove_absent(Catalogue& catalogue, const Removals& removals);

}  // namespace pipeline::store
