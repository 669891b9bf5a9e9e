#include "detail_age.h"

#include "result.h"
#include "values.h"

#include <fmt/format.h>

#include <limits>
#include <utility>

namespace pipeline::store::postgres {
namespace {

constexpr std::int64_t kAgePage = 10'000;  // details at a time

constexpr std::string_view kGivenUntil = "SELECT number FROM @state WHERE key = $1";

constexpr std::string_view kCountActive =
    "SELECT count(*) FROM @products WHERE source = $1 AND removed_at IS NULL AND parse_status = 'OK'";

constexpr std::string_view kGive =
    "INSERT INTO @state (key, number) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET number = excluded.number";

constexpr std::string_view kNever =
    "SELECT p.sku FROM @products AS p WHERE p.source = $1 AND p.removed_at IS NULL AND p.parse_status = 'OK' "
    "AND p.sku > $2 "
    "AND NOT EXISTS (SELECT 1 FROM @detail_checks AS d WHERE d.source = p.source AND d.sku = p.sku) "
    "ORDER BY p.sku LIMIT $3";

// From the oldest check on, each looked up among the products (OFFSET 0 keeps the server from another order).
constexpr std::string_view kOldest =
    "SELECT d.sku, d.verified_at FROM @detail_checks AS d CROSS JOIN LATERAL "
    "(SELECT 1 FROM @products AS p WHERE p.sku = d.sku AND p.source = d.source AND p.removed_at IS NULL "
    "AND p.parse_status = 'OK' OFFSET 0) AS active "
    "WHERE d.source = $1 AND (d.verified_at, d.sku) > ($2, $3) ORDER BY d.verified_at, d.sku LIMIT $4";

}  // namespace

DetailAge::DetailAge(Connection& connection, std::string source, RunList& list)
    : connection_(connection),
      source_(std::move(source)),
      state_key_(fmt::format("detail_share_given_until/{}", source_)),
      list_(list) {}

DetailAge::Due DetailAge::due(WallTime now, std::chrono::seconds max_age) {
  const DetailShare share = read_share(now, max_age);
  Due due{{}, share.given_until()};
  add_never_verified(due.skus);
  add_oldest(due.skus, share);
  return due;
}

DetailShare DetailAge::read_share(WallTime now, std::chrono::seconds max_age) {
  const Statement statements[] = {{"read until when details were given", kGivenUntil, Values::of(state_key_)},
                                  {"count the active products", kCountActive, Values::of(source_)}};
  const auto answers = connection_.ask(statements);
  const Result& given = answers[0];
  const auto until = given.rows() == 0 ? std::nullopt : Row(given, 0).time_or_none(0);
  return {until, answers[1].integer(0, 0), now, max_age};
}

void DetailAge::add_never_verified(std::vector<std::string>& due) {
  std::string after;
  for (int rows = kAgePage; rows == kAgePage;) {
    const Result page = connection_.ask("find details never verified", kNever, Values::of(source_, after, kAgePage));
    rows = page.rows();
    const auto skus = page.texts(0);
    const auto left_out = are_fetched_anyway(skus);
    for (std::size_t i = 0; i < skus.size(); ++i)
      if (!left_out[i]) due.emplace_back(skus[i]);
    if (rows > 0) after = skus.back();
  }
}

// From the oldest check on, and only as far as the share goes.
void DetailAge::add_oldest(std::vector<std::string>& due, const DetailShare& share) {
  std::int64_t time = std::numeric_limits<std::int64_t>::min();
  std::string after;
  for (int rows = kAgePage; rows == kAgePage;) {
    const Result page =
        connection_.ask("find details verified longest ago", kOldest, Values::of(source_, time, after, kAgePage));
    rows = page.rows();
    const auto skus = page.texts(0);
    const auto left_out = are_fetched_anyway(skus);
    for (int row = 0; row < rows; ++row) {
      if (left_out[static_cast<std::size_t>(row)]) continue;
      if (!share.takes(Row(page, row).time(1), due.size())) return;
      due.emplace_back(page.text(row, 0));
    }
    if (rows == 0) return;
    time = page.integer(rows - 1, 1);
    after = skus.back();
  }
}

std::vector<bool> DetailAge::are_fetched_anyway(const std::vector<std::string_view>& skus) {
  std::vector<bool> fetched;
  fetched.reserve(skus.size());
  for (const auto& [standing, gone] : list_.words_of(skus))
    fetched.push_back(standing == Standing::unseen || standing == Standing::changed);
  return fetched;
}

Statement DetailAge::giving(const Due& due) const {
  return {"note until when details were given", kGive, Values::of(state_key_, due.share_given_until)};
}

}  // namespace pipeline::store::postgres
