#include "pipeline/store/removals.h"

namespace pipeline::store {
namespace {

constexpr int kAtATime = 1000;

}  // namespace

std::optional<HeldBackRemovals> remove_absent(Catalogue& catalogue, const Removals& removals) {
  const bool whole = removals.list_is_whole;
  const std::int64_t found = catalogue.count_absent(whole);
  if (found > removals.limit.allowed(removals.known))
    return HeldBackRemovals{removals.limit, removals.known, found,
                            catalogue.absent(whole, "", HeldBackRemovals::kExamples)};
  for (std::string after;;) {
    const auto absent = catalogue.absent(whole, after, kAtATime);
    if (absent.empty()) return std::nullopt;
    after = absent.back().sku;
    if (removals.tell)
      for (const auto& product : absent) removals.tell(product);
    else
      removals.marked(catalogue.remove(removals.source, absent, removals.run_id));
  }
}

}  // namespace pipeline::store
