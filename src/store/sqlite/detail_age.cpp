#include "detail_age.h"

#include "pipeline/store/catalogue.h"
#include "pipeline/store/detail_share.h"

#include <fmt/core.h>

#include <utility>

namespace pipeline::store::sqlite {
namespace {

constexpr std::string_view kStateKey = "detail_share_given_until/";  // and the source

// Products whose detail this run fetches anyway.
std::string fetched_anyway() {
  return fmt::format("EXISTS (SELECT 1 FROM temp.listed AS l WHERE l.sku = p.sku AND l.standing IN ({}, {}))",
                     static_cast<int>(Standing::unseen), static_cast<int>(Standing::changed));
}

}  // namespace

DetailAge::DetailAge(Connection& connection, std::string source)
    : source_(std::move(source)),
      state_key_(fmt::format("{}{}", kStateKey, source_)),
      given_until_(connection, "read until when details were given", "SELECT value FROM state WHERE key = ?1"),
      give_(connection, "note until when details were given",
            "INSERT INTO state (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value"),
      active_(connection, "count the active products",
              "SELECT count(*) FROM products WHERE source = ?1 AND removed_at IS NULL AND parse_status = 'OK'"),
      never_(connection, "find details never verified",
             fmt::format("SELECT p.sku FROM products AS p WHERE p.source = ?1 AND p.removed_at IS NULL "
                         "AND p.parse_status = 'OK' "
                         "AND NOT EXISTS (SELECT 1 FROM detail_checks AS d WHERE d.source = p.source AND d.sku = "
                         "p.sku) AND NOT {} "
                         "ORDER BY p.sku",
                         fetched_anyway())),
      // CROSS JOIN: from the oldest check on, and only as far as the share goes.
      oldest_(connection, "find details verified longest ago",
              fmt::format("SELECT d.sku, d.verified_at FROM detail_checks AS d CROSS JOIN products AS p "
                          "WHERE d.source = ?1 AND p.sku = d.sku AND p.source = ?1 AND p.removed_at IS NULL "
                          "AND p.parse_status = 'OK' "
                          "AND NOT {} ORDER BY d.verified_at, d.sku",
                          fetched_anyway())) {}

DetailAge::Due DetailAge::due(WallTime now, std::chrono::seconds max_age) {
  const DetailShare share(given_until(), active(), now, max_age);
  Due due{{}, share.given_until()};

  never_.bind(1, source_);
  const Statement::Use use_never(never_);
  while (never_.step()) due.skus.emplace_back(never_.text(0));

  oldest_.bind(1, source_);
  const Statement::Use use_oldest(oldest_);
  while (oldest_.step() && share.takes(WallTime(std::chrono::milliseconds(oldest_.integer(1))), due.skus.size()))
    due.skus.emplace_back(oldest_.text(0));
  return due;
}

void DetailAge::given(const Due& due) {
  give_.bind(1, state_key_).bind(2, due.share_given_until).run();
}

std::optional<WallTime> DetailAge::given_until() {
  given_until_.bind(1, state_key_);
  const Statement::Use use(given_until_);
  if (!given_until_.step()) return std::nullopt;
  return WallTime(std::chrono::milliseconds(given_until_.integer(0)));
}

std::int64_t DetailAge::active() {
  active_.bind(1, source_);
  const Statement::Use use(active_);
  active_.step();
  return active_.integer(0);
}

}  // namespace pipeline::store::sqlite
