#include "whole_number.h"

#include "pipeline/base/characters.h"
#include "pipeline/base/text.h"
#include "pipeline/sheet/excerpt.h"

#include "digits.h"
#include "spreadsheet.h"

#include <fmt/core.h>

#include <limits>
#include <span>

namespace pipeline::upsert {
namespace {

using sheet::excerpt;

constexpr std::size_t kShown = 40;

// The signs and names of won, as CP949 and keyboards have them; `\` is shown as ₩ by Korean fonts.
constexpr std::string_view kBeforePrice[] = {"₩", "\\", "KRW", "W"};
constexpr std::string_view kBehindPrice[] = {"원", "₩", "KRW", "won"};
constexpr std::string_view kBehindStock[] = {"개", "EA"};
constexpr std::string_view kMinus[] = {"-", "−", "△", "▲"};
constexpr std::string_view kPlus[] = {"+"};
constexpr std::string_view kForeignMoney[] = {"$",   "€",   "£",   "¥",    "USD", "EUR",
                                              "JPY", "CNY", "GBP", "달러", "엔",  "위안"};

std::span<const std::string_view> signs_before(catalogue::Column column) {
  if (column == catalogue::Column::sale_price || column == catalogue::Column::discounted_price) return kBeforePrice;
  return {};
}

std::span<const std::string_view> units_behind(catalogue::Column column) {
  if (column == catalogue::Column::stock_quantity) return kBehindStock;
  if (column == catalogue::Column::sale_price || column == catalogue::Column::discounted_price) return kBehindPrice;
  return {};
}

bool take_front(std::string_view& text, std::span<const std::string_view> any_of) {
  for (const std::string_view sign : any_of) {
    if (!equal_ignoring_case(text.substr(0, sign.size()), sign)) continue;
    text = trim_blanks(text.substr(sign.size()));
    return true;
  }
  return false;
}

bool take_back(std::string_view& text, std::span<const std::string_view> any_of) {
  for (const std::string_view unit : any_of) {
    if (text.size() < unit.size() || !equal_ignoring_case(text.substr(text.size() - unit.size()), unit)) continue;
    text = trim_blanks(text.substr(0, text.size() - unit.size()));
    return true;
  }
  return false;
}

// Takes sign and unit off the digits, in either order: -₩100, ₩-100, (100원). Whether it is negative.
bool take_sign_and_unit(std::string_view& text, catalogue::Column column) {
  bool negative = text.starts_with('(') && text.ends_with(')');
  if (negative) text = trim_blanks(text.substr(1, text.size() - 2));
  const bool signed_already = negative || take_front(text, kPlus);
  if (!signed_already) negative = take_front(text, kMinus);
  (void)take_front(text, signs_before(column));
  (void)take_back(text, units_behind(column));
  if (!signed_already && !negative) negative = take_front(text, kMinus);
  return negative;
}

bool is_foreign_money(std::string_view text) {
  std::string_view rest = text;
  return take_front(rest, kForeignMoney) || take_back(rest, kForeignMoney);
}

std::string no_number(std::string_view text, std::string_view shown, catalogue::Column column) {
  if (is_error_value(text)) return fmt::format("is `{}`, an error of a spreadsheet; mend it there", shown);
  if (is_scientific(text))
    return fmt::format("is `{}`, a number whose digits a spreadsheet may have cut off; show it in full and save",
                       shown);
  if (is_foreign_money(text)) return fmt::format("is `{}`, in another currency than won", shown);
  const std::string_view advice = column == catalogue::Column::stock_quantity ? "; write 0 where none is left" : "";
  return fmt::format("is no whole number such as {}: `{}`{}",
                     column == catalogue::Column::stock_quantity ? "12" : "12000", shown, advice);
}

}  // namespace

WholeNumber read_whole_number(std::string_view cell, catalogue::Column column) {
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  const std::string_view kept = trim_blanks(kept_text(trim_blanks(cell)));
  if (kept.empty()) return {};
  const std::string half_width = to_half_width(kept);
  std::string_view text = half_width;
  const bool negative = take_sign_and_unit(text, column);
  const auto digits = digits_of_whole_number(text, Spaces::between_thousands);
  const std::string shown = excerpt(kept, kShown);
  if (!digits) return {std::nullopt, no_number(half_width, shown, column)};
  const auto number = to_number(*digits);
  if (!number || *number > kMost) return {std::nullopt, fmt::format("is `{}`, more than 64 bits hold", shown)};
  if (negative && *number > 0) return {std::nullopt, fmt::format("is `{}`, below zero", shown)};
  return {static_cast<std::int64_t>(*number), {}};
}

}  // namespace pipeline::upsert
