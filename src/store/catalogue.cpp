#include "pipeline/store/catalogue.h"

#include <algorithm>

namespace pipeline::store {

Fingerprint part_of(Fingerprint row) noexcept {
  row.bytes.back() ^= 1U;
  return row;
}

std::int64_t Written::count(WriteOutcome outcome) const noexcept {
  return std::ranges::count(outcomes, outcome);
}

}  // namespace pipeline::store
