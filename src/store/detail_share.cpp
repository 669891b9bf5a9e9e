#include "pipeline/store/detail_share.h"

#include <algorithm>

namespace pipeline::store {
namespace {

// A detail seen to be true so lately is not looked at again, whatever the share: of a store that was fetched whole an
// hour ago nothing is due.
constexpr std::chrono::hours kRest(12);

}  // namespace

// No share is larger than all products, and a clock that was set back gives none.
DetailShare::DetailShare(std::optional<WallTime> given_until, std::int64_t products, WallTime now,
                         std::chrono::seconds max_age) noexcept {
  const std::chrono::milliseconds age = max_age;
  const WallTime since = std::clamp(given_until.value_or(now), now - age, now);
  const std::int64_t share = products * (now - since).count() / age.count();
  share_ = static_cast<std::size_t>(share);
  given_until_ = since + (products == 0 ? now - since : age * share / products);
  overdue_ = now - age;
  rested_ = now - std::min<std::chrono::milliseconds>(kRest, age / 2);
}

bool DetailShare::takes(WallTime verified, std::size_t due) const noexcept {
  return (due < share_ && verified < rested_) || verified < overdue_;
}

}  // namespace pipeline::store
