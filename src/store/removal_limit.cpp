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
  const std::int64_t most = at_most.value_or(kMostProducts);
  if (!percent) return std::min(products, most);
  // Multiplied first, and with a grain: 29 % of 100 is 29, not 28.999….
  const auto share = static_cast<std::int64_t>(std::floor(static_cast<double>(known) * *percent / 100 + 1e-6));
  return std::min(std::max(products, share), most);
}

bool is_default(const RemovalLimit& limit) noexcept {
  return limit.percent == RemovalLimit{}.percent && limit.products == RemovalLimit{}.products;
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
  const std::int64_t allowed = held_back.limit.allowed(held_back.known);
  RemovalLimit plain = held_back.limit;
  plain.at_most.reset();
  if (allowed < plain.allowed(held_back.known))
    return fmt::format(
        "{} of {} known products {}; without your word no more than {} may be, so none was marked as removed. They "
        "are: {}. If they are gone indeed, run once with --max-removals {}",
        format_count(held_back.found), format_count(held_back.known), what, format_count(allowed), which,
        held_back.found < held_back.known ? fmt::format("{}", held_back.found) : "100%");
  return fmt::format(
      "{} of {} known products {}; --max-removals {} allows {}, so none was marked as removed. They are: {}. If "
      "they are gone indeed, run once with --max-removals {}",
      format_count(held_back.found), format_count(held_back.known), what, to_string(held_back.limit),
      format_count(allowed), which, held_back.found);
}

}  // namespace pipeline::store
