#include "listing.h"

#include "result.h"
#include "values.h"

#include <algorithm>
#include <map>

namespace pipeline::store::postgres {
namespace {

constexpr std::int64_t kPage = 10'000;  // products of the store at a time

constexpr std::string_view kCompare =
    "SELECT sku, list_hash, removed_at FROM @products WHERE source = $1 AND sku = ANY($2)";

constexpr std::string_view kStored =
    "SELECT list_hash, list_json FROM @products WHERE sku = $1 AND source = $2 AND list_json IS NOT NULL";

constexpr std::string_view kPresent =
    "SELECT sku FROM @products WHERE source = $1 AND removed_at IS NULL AND sku > $2 ORDER BY sku LIMIT $3";

constexpr std::string_view kPresentWithOrigin =
    "SELECT sku, list_json IS NOT NULL FROM @products WHERE source = $1 AND removed_at IS NULL AND sku > $2 "
    "ORDER BY sku LIMIT $3";

constexpr std::string_view kNames = "SELECT sku, name FROM @products WHERE source = $1 AND sku = ANY($2) ORDER BY sku";

bool is_absent(const RunList::Word& word, bool list_is_whole) noexcept {
  return word.gone || (list_is_whole && !word.standing);
}

}  // namespace

std::vector<Standing> Listing::add(std::span<const ListedProduct> page, bool keep_all, int pass) {
  Column skus(Column::Type::text);
  for (const ListedProduct& row : page) skus.add(row.sku);
  const Result stored =
      connection_.ask_batch({"look listed products up", kCompare, Values::of(source_, std::move(skus))});
  std::map<std::string_view, int> rows;
  for (int row = 0; row < stored.rows(); ++row)
    if (stored.is_null(row, 2)) rows.emplace(stored.text(row, 0), row);
  std::vector<Standing> standings;
  standings.reserve(page.size());
  for (const ListedProduct& listed : page) {
    const auto known = rows.find(listed.sku);
    const bool is_known = known != rows.end();
    const bool is_same = is_known && std::ranges::equal(stored.bytes(known->second, 1), listed.list_hash);
    standings.push_back(!is_known ? Standing::unseen : is_same ? Standing::unchanged : Standing::changed);
  }
  return list_->add(page, standings, keep_all, pass);
}

std::optional<ListRow> Listing::stored(std::string_view sku) {
  const Result found = connection_.ask("read a stored list row", kStored, Values::of(sku, source_));
  if (found.rows() == 0) return std::nullopt;
  ListRow row{{}, std::string(found.text(0, 1))};
  std::ranges::copy(found.bytes(0, 0), row.list_hash.begin());  // none of NULL
  return row;
}

Overlap Listing::overlap() {
  Overlap all{.came_from_lists = false};
  Overlap from_lists{.came_from_lists = true};
  std::string after;
  for (int rows = kPage; rows == kPage;) {
    const Result page =
        connection_.ask("find known products in the list", kPresentWithOrigin, Values::of(source_, after, kPage));
    rows = page.rows();
    const auto skus = page.texts(0);
    const auto words = list_->words_of(skus);
    for (int row = 0; row < rows; ++row) {
      const bool is_listed = words[static_cast<std::size_t>(row)].standing.has_value();
      for (Overlap* overlap : {&all, &from_lists}) {
        if (overlap == &from_lists && page.integer(row, 1) == 0) continue;
        ++overlap->known;
        overlap->found += is_listed ? 1 : 0;
      }
    }
    if (!skus.empty()) after = skus.back();
  }
  return from_lists.known > 0 ? from_lists : all;
}

std::int64_t Listing::count_absent(bool list_is_whole) {
  std::int64_t count = 0;
  each_absent(list_is_whole, "", kPage, [&](const auto& skus) {
    count += static_cast<std::int64_t>(skus.size());
    return false;
  });
  return count;
}

std::vector<RemovalCandidate> Listing::absent(bool list_is_whole, std::string_view after, int limit) {
  const auto wanted = static_cast<std::size_t>(limit);
  std::vector<std::string> found;
  each_absent(list_is_whole, after, limit, [&](const auto& skus) {
    found.insert(found.end(), skus.begin(), skus.end());
    return found.size() >= wanted;
  });
  found.resize(std::min(found.size(), wanted));
  return named(found);
}

// The first page is as large as what is looked for, which may stand close together; the next ones grow.
void Listing::each_absent(bool list_is_whole, std::string_view after, std::int64_t first_page,
                          const AbsentSink& has_enough) {
  std::string from(after);
  for (std::int64_t size = std::min(first_page, kPage);; size = std::min(4 * size, kPage)) {
    const Result page = connection_.ask("find the products that are absent", kPresent, Values::of(source_, from, size));
    const auto skus = page.texts(0);
    const auto words = list_->words_of(skus);
    std::vector<std::string_view> absent;
    for (std::size_t i = 0; i < skus.size(); ++i)
      if (is_absent(words[i], list_is_whole)) absent.push_back(skus[i]);
    if (has_enough(absent) || page.rows() < size) return;
    from = skus.back();
  }
}

std::vector<RemovalCandidate> Listing::named(const std::vector<std::string>& skus) {
  if (skus.empty()) return {};
  Column wanted(Column::Type::text);
  for (const std::string& sku : skus) wanted.add(sku);
  const Result found = connection_.ask("read the names of products", kNames, Values::of(source_, wanted));
  std::vector<RemovalCandidate> candidates;
  for (int row = 0; row < found.rows(); ++row)
    candidates.push_back({std::string(found.text(row, 0)), std::string(found.text(row, 1))});
  return candidates;
}

}  // namespace pipeline::store::postgres
