#include "emulator/faults.h"

namespace pipeline::emulator {

std::string_view to_string(Endpoint endpoint) noexcept {
  switch (endpoint) {
    case Endpoint::token:
      return "token";
    case Endpoint::list:
      return "list";
    case Endpoint::channel_detail:
      return "detail";
    case Endpoint::origin_detail:
      return "origin_detail";
    case Endpoint::other:
      break;
  }
  return "other";
}

bool covers(Target target, Endpoint endpoint) noexcept {
  switch (target) {
    case Target::any:
      return true;
    case Target::token:
      return endpoint == Endpoint::token;
    case Target::list:
      return endpoint == Endpoint::list;
    case Target::detail:
      return endpoint == Endpoint::channel_detail || endpoint == Endpoint::origin_detail;
    case Target::channel_detail:
      return endpoint == Endpoint::channel_detail;
    case Target::origin_detail:
      break;
  }
  return endpoint == Endpoint::origin_detail;
}

std::size_t FaultBook::add(FaultRule rule) {
  entries_.push_back({.rule = std::move(rule)});
  return entries_.size() - 1;
}

FaultBook::Verdict FaultBook::judge(const Call& call) {
  Verdict verdict;
  for (Entry& entry : entries_) {
    const FaultRule& rule = entry.rule;
    if (!covers(rule.target, call.endpoint)) continue;
    if (rule.product_no && rule.product_no != call.product_no) continue;
    if (rule.page && rule.page != call.page) continue;
    if (++entry.matched <= rule.skip) continue;
    if (rule.times && entry.hits >= *rule.times) continue;
    if (rule.probability < 1 && random_.uniform() >= rule.probability) continue;
    ++entry.hits;
    verdict.extra_delay += rule.extra_delay;
    if (rule.kind == FaultKind::slow) continue;
    verdict.rule = &rule;
    break;
  }
  return verdict;
}

std::vector<std::uint64_t> FaultBook::hits() const {
  std::vector<std::uint64_t> hits;
  for (const Entry& entry : entries_) hits.push_back(entry.hits);
  return hits;
}

}  // namespace pipeline::emulator
