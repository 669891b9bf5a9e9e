#include "store_guard.h"

#include "pipeline/base/text.h"

#include <fmt/format.h>

namespace pipeline::sync {
StoreGuard::StoreGuard(const Options& options, const Services& services)
    : options_(options),
      services_(services),
      stored_(services.catalogue.owner_of(services.shop.about().source)),
      changes_over_(options.rebind && stored_ && stored_->digest != options.identity.digest),
      state_(state_of()) {}

StoreGuard::State StoreGuard::state_of() {
  if (stored_ && stored_->digest == options_.identity.digest) return State::known;
  const auto overlap = services_.catalogue.overlap();
  const bool holds_a_store = stored_ ? overlap.known > 0 : overlap.came_from_lists;
  return holds_a_store && !options_.rebind ? State::unproven : State::to_note;
}

StoreGuard::Verdict StoreGuard::judge(const std::string& why_not_whole) {
  const std::string now = to_text(options_.identity);
  const std::string& file = services_.database;
  if (state_ != State::unproven) {
    if (!changes_over_) return {};
    const auto overlap = services_.catalogue.overlap();
    brings_another_store_ = overlap.found * 10 < overlap.known * 9;
    return {true, fmt::format("{} changes over from {} to {}", file, to_text(*stored_), now)};
  }
  const auto overlap = services_.catalogue.overlap();
  const std::string found = fmt::format("{} of {} known products are in the list of {}", format_count(overlap.found),
                                        format_count(overlap.known), now);
  if (overlap.found * 10 >= overlap.known * 9) {
    state_ = State::to_note;
    return {true,
            fmt::format("{}: it is the store that {} belongs to, and these credentials are remembered", found, file)};
  }
  const std::string held = fmt::format("{} holds {}", file, owner());
  if (why_not_whole.empty())
    return {false,
            fmt::format(
                "{}, and only {}: this is another store, so nothing was written. Check {}, or name this store's own "
                "database with --db. If the database is to change over to this store, run once with --rebind",
                held, found, services_.shop.about().credentials)};
  return {false,
          fmt::format("{}; {}, but {}: whether it is the same store can't be told, so nothing was written. Let one run "
                      "read the list to its end, without --limit, --status and --modified-since. If you know that it "
                      "is the same store, or the database is to change over, run once with --rebind",
                      held, found, why_not_whole)};
}

std::string StoreGuard::owner() const {
  return stored_ ? "the products of " + to_text(*stored_)
                 : "products of a store that an earlier version of this program did not note";
}

}  // namespace pipeline::sync
