#pragma once

#include "pipeline/base/clock.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace pipeline::store {

// How many details are due for a check, and which of those that were verified: the rules of Catalogue::due_for_check().
class DetailShare {
 public:
  // `given_until`: up to when shares were given so far; `products`: those that are active.
  DetailShare(std::optional<WallTime> given_until, std::int64_t products, WallTime now,
              std::chrono::seconds max_age) noexcept;

  // What is noted when this share is given.
  [[nodiscard]] WallTime given_until() const noexcept { return given_until_; }
  // Whether one that was verified then is due, too, when so many are. Asked in the order of time: the first that is not
  // ends it.
  [[nodiscard]] bool takes(WallTime verified, std::size_t due) const noexcept;

 private:
  WallTime given_until_;
  WallTime overdue_;  // what was verified before is due whatever the share
  WallTime rested_;   // what was verified since is not
  std::size_t share_;
};

}  // namespace pipeline::store
