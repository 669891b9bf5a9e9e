#include "post_memory.h"

#include "pipeline/base/folder.h"
#include "pipeline/catalogue/wording.h"
#include "pipeline/package/stale_words.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace pipeline::package {
namespace {

using store::OutdatedValue;

// What is known of the post and does not come from its files. Its folder is named so that whoever asks for it later,
// from wherever, finds it.
store::PostRecord begin(std::string content_id, const std::filesystem::path& folder,
                        const std::optional<store::PostRecord>& known) {
  store::PostRecord record = known.value_or(store::PostRecord{});
  record.content_id = std::move(content_id);
  record.folder = from_anywhere(folder).string();
  return record;
}

// What is outdated from now on beside what was before; a value that is true again is not.
std::vector<OutdatedValue> outdated_values(std::vector<OutdatedValue> known,
                                           std::span<const catalogue::Product> products, const Changes& changes,
                                           WallTime now) {
  for (const auto& product : products) {
    const std::string name = full_name(product.key());
    const auto found = changes.find(name);
    if (found == changes.end()) continue;
    for (const catalogue::Change& change : found->second) {
      if (change.before == "null" || change.field == "product") continue;
      const auto same = [&](const OutdatedValue& value) {
        return value.product == name && value.field == change.field;
      };
      for (OutdatedValue& value : known)
        if (same(value)) value.after = change.after;
      std::erase_if(known, [&](const OutdatedValue& value) { return same(value) && value.before == value.after; });
      const bool is_known = std::ranges::any_of(
          known, [&](const OutdatedValue& value) { return same(value) && value.before == change.before; });
      if (!is_known) known.push_back({name, change.field, change.before, change.after, now});
    }
  }
  return known;
}

bool is_said(const OutdatedValue& value, const std::vector<store::StaleWords>& stale) {
  const std::string before = catalogue::change_in_words(value.field, value.before);
  return std::ranges::any_of(stale, [&](const store::StaleWords& words) {
    return words.product == value.product && words.field == value.field && words.before == before;
  });
}

}  // namespace

store::PostRecord remember(const Post& post, std::span<const catalogue::Product> products,
                           const std::optional<store::PostRecord>& known, const Changes& changes, WallTime now) {
  store::PostRecord record = begin(post.content_id, post.folder, known);
  record.title = post.title;
  record.link = post.cta ? post.cta->url : std::string();
  if (products.size() == post.skus.size()) {
    record.products.clear();
    for (const auto& product : products) record.products.push_back(full_name(product.key()));
  } else if (record.products.size() != post.skus.size()) {  // else what they were: one may have been removed since
    record.products = post.skus;
  }

  record.outdated = outdated_values(std::move(record.outdated), products, changes, now);
  record.stale.clear();
  if (!record.outdated.empty()) record.stale = find_stale_words(post, record.outdated, products, record.kept);
  std::erase_if(record.outdated, [&](const OutdatedValue& value) { return !is_said(value, record.stale); });
  std::ranges::move(contradicted_facts(post, products, record.kept), std::back_inserter(record.stale));
  if (record.stale.empty())
    record.stale_since.reset();
  else if (!record.stale_since)
    record.stale_since = now;
  return record;
}

store::PostRecord remember(const std::string& content_id, const std::vector<std::string>& skus,
                           const std::string& folder, const std::optional<store::PostRecord>& known) {
  store::PostRecord record = begin(content_id, folder, known);
  if (!skus.empty()) record.products = skus;  // else they are what they were
  return record;
}

void conclude(const Result& result, WallTime now, store::PostRecord& record) {
  if (result.status == Status::built || result.status == Status::unchanged) {
    record.state = store::PostState::built;
    record.reasons.clear();
    record.not_built_since.reset();
    return;
  }
  record.state = result.status == Status::rejected ? store::PostState::rejected : store::PostState::failed;
  record.reasons = result.reasons;
  if (!record.not_built_since) record.not_built_since = now;
}

}  // namespace pipeline::package
