#include "pipeline/store/judgement.h"

#include "pipeline/base/text.h"
#include "pipeline/catalogue/changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace pipeline::store {
namespace {

std::string json_text(std::string_view text) {
  std::string json;
  append_json_string(text, json);
  return json;
}

std::string json_digest(const std::optional<Sha256>& digest) {
  return digest ? fmt::format("\"{}\"", to_hex(*digest)) : "null";
}

// How a delivered product stands to the stored one.
struct Comparison {
  bool same_content = false;  // or all that its row says
  bool same_list = false;
  bool parsed = false;
  bool never_parsed = false;
  bool removed = false;
};

Comparison compare(const StoredMarks& stored, const catalogue::Product& delivered, const Writing& how) {
  const bool same_content = delivered.content_hash && std::ranges::equal(stored.content_hash, *delivered.content_hash);
  const bool same_row = std::ranges::equal(stored.row_hash, hash_of_row(delivered));
  return {.same_content = same_content || (how.completion && has_led_to(delivered.row_hash, stored.row_hash, how)),
          .same_list = same_row && stored.modified_at == delivered.modified_at,
          .parsed = stored.parsed,
          .never_parsed = !stored.parsed && stored.content_hash.empty(),
          .removed = stored.removed};
}

bool is_left_alone(const Comparison& comparison, const Writing& how) noexcept {
  return how.skip_equal && comparison.same_content && comparison.parsed && !comparison.removed;
}

// `compare_bodies`: the stored body is one that parsed.
std::vector<catalogue::Change> changes_between(const catalogue::Product& before, const catalogue::Product& after,
                                               bool compare_bodies, const Writing& how) {
  auto changes = catalogue::diff_columns(before, after);
  if (compare_bodies && how.body_diff)
    std::ranges::move(how.body_diff(before.raw_json, after), std::back_inserter(changes));
  if (changes.empty())
    changes.push_back(
        {catalogue::Reason::content, "content", json_digest(before.content_hash), json_digest(after.content_hash)});
  return changes;
}

std::vector<catalogue::Change> changes_to(const Comparison& comparison, const catalogue::Product& before,
                                          const catalogue::Product& after, const Writing& how) {
  if (comparison.removed || comparison.never_parsed) return {came(after)};
  if (comparison.same_content) return {};
  return changes_between(before, after, comparison.parsed, how);
}

}  // namespace

Verdict judge(const StoredMarks& stored, const StoredReader& read, const catalogue::Product& delivered,
              const Writing& how) {
  Comparison comparison = compare(stored, delivered, how);
  const auto unchanged = [&](const catalogue::Product& after) {
    return Verdict{WriteOutcome::unchanged, &after, {}, how.follow_list && !comparison.same_list};
  };
  if (is_left_alone(comparison, how)) return unchanged(delivered);
  const catalogue::Product& before = read();
  if (!how.completion) return {WriteOutcome::updated, &delivered, changes_to(comparison, before, delivered, how)};
  const auto [completed, has_news] = how.completion(before, delivered);
  if (completed == nullptr) return {WriteOutcome::unusable, &delivered};
  comparison.same_content = !has_news;
  if (is_left_alone(comparison, how)) return unchanged(*completed);
  return {WriteOutcome::updated, completed, changes_to(comparison, before, *completed, how)};
}

Verdict judge_unknown(const Delivery& delivery) {
  const catalogue::Product& product = *delivery.product;
  if (!delivery.may_be_new) return {WriteOutcome::unknown, &product};
  return {WriteOutcome::inserted, &product, {came(product)}};
}

catalogue::Change came(const catalogue::Product& product) {
  return {catalogue::Reason::new_product, "product", "null", json_text(product.name ? *product.name : product.sku)};
}

catalogue::Change went(std::string_view name) {
  return {catalogue::Reason::removed, "product", json_text(name), "null"};
}

std::span<const std::uint8_t> hash_of_row(const catalogue::Product& product) noexcept {
  if (product.list_hash) return *product.list_hash;
  if (product.row_hash) return product.row_hash->bytes;
  return {};
}

bool has_led_to(const std::optional<Fingerprint>& row_hash, std::span<const std::uint8_t> stored, const Writing& how) {
  if (!row_hash) return false;
  return std::ranges::equal(stored, row_hash->bytes) ||
         (how.completion && std::ranges::equal(stored, part_of(*row_hash).bytes));
}

}  // namespace pipeline::store
