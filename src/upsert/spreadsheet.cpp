#include "spreadsheet.h"

#include "pipeline/base/text.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace pipeline::upsert {
namespace {

constexpr std::string_view kDigits = "0123456789";

// Takes the digits at the front, and gives how many they are.
std::size_t skip_digits(std::string_view& text) noexcept {
  const std::size_t count = std::min(text.find_first_not_of(kDigits), text.size());
  text.remove_prefix(count);
  return count;
}

bool take(std::string_view& text, std::string_view any_of) noexcept {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// Takes the quotes around a text.
bool take_quotes(std::string_view& text) noexcept {
  if (text.size() < 2 || !text.starts_with('"') || !text.ends_with('"')) return false;
  text = text.substr(1, text.size() - 2);
  return true;
}

bool is_day(std::string_view text) noexcept {
  const std::size_t digits = skip_digits(text);
  return text.empty() && (digits == 1 || digits == 2);
}

// 2026. 11. 1, as Google's sheets show a date in Korean; with a point behind it in LibreOffice.
bool is_dotted_date(std::string_view text) noexcept {
  constexpr std::size_t kYear = 4;
  if (skip_digits(text) != kYear || !take(text, ".") || !take(text, " ")) return false;
  const std::size_t month = skip_digits(text);
  if (month < 1 || month > 2 || !take(text, ".") || !take(text, " ")) return false;
  const std::size_t day = skip_digits(text);
  return day >= 1 && day <= 2 && (text.empty() || text == ".");
}

bool is_month(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return std::ranges::find(kMonths, text) != kMonths.end();
}

}  // namespace

std::string_view formula_text(std::string_view cell) noexcept {
  std::string_view text = cell;
  (void)take_quotes(text);
  if (!text.starts_with("=\"")) return cell;
  text.remove_prefix(1);
  while (take_quotes(text)) {
  }
  // ="a"&"b" is a formula that was not reckoned.
  return text.find('"') == std::string_view::npos ? text : cell;
}

std::string_view kept_text(std::string_view cell) noexcept {
  std::string_view text = formula_text(cell);
  (void)take_quotes(text);
  if (text.size() < 2 || !text.starts_with('\'')) return text;
  text.remove_prefix(1);
  return text.substr(0, text.size() - (text.ends_with('\'') ? 1 : 0));
}

bool is_formula(std::string_view cell) noexcept {
  if (!cell.starts_with('=') || !cell.ends_with(')')) return false;
  const std::string_view name = cell.substr(1, cell.find('(') - 1);
  return !name.empty() && name.front() >= 'A' && name.front() <= 'Z' &&
         name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._") == std::string_view::npos;
}

bool is_error_value(std::string_view cell) noexcept {
  constexpr std::array<std::string_view, 16> kErrors{
      "#N/A",    "#REF!",  "#VALUE!", "#DIV/0!",   "#NAME?",    "#NULL!",    "#NUM!",  "#GETTING_DATA",
      "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!", "#ERROR!"};
  if (cell.empty() || (cell.front() != '#' && cell.front() != 'E')) return false;
  if (cell.find_first_not_of('#') == std::string_view::npos) return cell.size() > 1;
  if (cell.starts_with("Err:")) return cell.size() > 4 && cell.find_first_not_of(kDigits, 4) == std::string_view::npos;
  return std::ranges::any_of(kErrors, [&](std::string_view error) { return equal_ignoring_case(error, cell); });
}

bool is_scientific(std::string_view text) noexcept {
  (void)take(text, "+-");
  if (skip_digits(text) == 0) return false;
  const bool has_point = take(text, ".,");
  const bool has_fraction = has_point && skip_digits(text) > 0;
  while (take(text, " ")) {
  }
  if (!take(text, "eE")) return false;
  const bool has_sign = take(text, "+-");
  const std::size_t digits = skip_digits(text);
  return text.empty() && digits >= 1 && digits <= 3 && (has_sign || has_fraction);
}

bool is_date_of_code(std::string_view text) noexcept {
  constexpr std::string_view kMonth = "월 ";
  constexpr std::string_view kDay = "일";
  if (is_dotted_date(text)) return true;
  if (text.ends_with(kDay)) {
    const std::size_t month = text.find(kMonth);
    if (month == std::string_view::npos) return false;
    const std::string_view day = text.substr(month + kMonth.size());
    return is_day(text.substr(0, month)) && is_day(day.substr(0, day.size() - kDay.size()));
  }
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return false;
  const std::string_view first = text.substr(0, dash);
  const std::string_view second = text.substr(dash + 1);
  return (is_day(first) && is_month(second)) || (is_month(first) && is_day(second));
}

}  // namespace pipeline::upsert
