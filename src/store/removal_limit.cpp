#include "pipeline/store/removal_limit.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace pipeline::store {
namespace {

constexpr std::int64_t kMostProducts = 1'000'000'000;

// Within bounds; of an integer no fraction, of neither a sign or an exponent.
template <typename T>
std::optional<T> number_within(std::string_view text, T low, T high) {
  if (text.find_first_not_of("0123456789.") != std::string_view::npos) return std::nullopt;
  const auto value = parse_number<T>(text);
  return value && *value >= low && *value <= high ? value : std::nullopt;
}

}  // namespace

std::int64_t RemovalLimit::allowed(std::int64_t known) const noexcept {
  if (!percent) return products;
  // Multiplied first, and with a grain: 29 % of 100 is 29, not 28.999….
  const auto share = static_cast<std::int64_t>(std::floor(static_cast<double>(known) * *percent / 100 + 1e-6));
  return std::max(products, share);
}

std::optional<RemovalLimit> parse_removal_limit(std::string_view text) {
  if (text.ends_with('%')) {
    const auto percent = number_within<double>(text.substr(0, text.size() - 1), 0, 100);
    if (!percent) return std::nullopt;
    return RemovalLimit{.percent = percent, .products = 0};
  }
  const auto products = number_within<std::int64_t>(text, 0, kMostProducts);
  if (!products) return std::nullopt;
  return RemovalLimit{.percent = std::nullopt, .products = *products};
}

std::string to_string(const RemovalLimit& limit) {
  return limit.percent ? fmt::format("{}%", *limit.percent) : fmt::format("{}", limit.products);
}

std::string to_text(const HeldBackRemovals& held_back, std::string_view what) {
  std::string which;
  for (const auto& [sku, name] : held_back.examples)
    which += fmt::format("{}{}", which.empty() ? "" : ", ", name.empty() ? sku : fmt::format("{} ({})", name, sku));
  if (const auto more = held_back.found - static_cast<std::int64_t>(held_back.examples.size()); more > 0)
    which += fmt::format(" and {} more", format_count(more));
  return fmt::format(
      "{} of {} known products {}; --max-removals {} allows {}, so none was marked as removed. They are: {}. If "
      "they are gone indeed, run once with --max-removals {}",
      format_count(held_back.found), format_count(held_back.known), what, to_string(held_back.limit),
      format_count(held_back.limit.allowed(held_back.known)), which, held_back.found);
}

}  // namespace pipeline::store
