#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/naver/credentials.h"

#include "finding.h"
#include "sync_command.h"

#include <cstdint>
#include <optional>

namespace pipeline::cli {

struct ShopCheck {
  Findings findings;
  std::optional<std::int64_t> products;  // that the list names
};

// What a sync will meet at the server: clock, token, one page of the list, one detail, and how long nights will take.
// One token is asked for. Ends at `until`, also when the server hangs.
[[nodiscard]] ShopCheck check_shop(const SyncCommand& sync, const naver::Credentials& credentials, const Clock& clock,
                                   SteadyTime until);

// The same where nothing can be asked for want of credentials.
[[nodiscard]] Findings shop_not_asked(const SyncCommand& sync);

}  // namespace pipeline::cli
