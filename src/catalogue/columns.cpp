#include "pipeline/catalogue/columns.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/characters.h"
#include "pipeline/base/text.h"

#include <algorithm>
#include <map>
#include <span>
#include <utility>

namespace pipeline::catalogue {
namespace {

using Name = std::pair<std::string_view, Column>;

// All names, each at the first free place from its hash on: the keys of every row are looked up here.
constexpr std::size_t kPlaces = 128;
using Places = std::array<Name, kPlaces>;

constexpr std::size_t place_of(std::string_view key) noexcept {
  const auto first = static_cast<unsigned char>(key.front());
  const auto last = static_cast<unsigned char>(key.back());
  return (key.size() * 7 + first * 31U + last) % kPlaces;
}

constexpr void put(const Name& name, Places& places) {
  std::size_t place = place_of(name.first);
  while (!places[place].first.empty()) place = (place + 1) % kPlaces;
  places[place] = name;
}

constexpr Places kPlaced = [] {
  Places places{};
  for (std::size_t i = 0; i < kColumns.size(); ++i) put({kColumns[i].name, static_cast<Column>(i)}, places);
  for (std::size_t i = 0; i < kColumns.size(); ++i)
    for (const std::string_view name : kColumns[i].other_names)
      if (!name.empty()) put({name, static_cast<Column>(i)}, places);
  return places;
}();

// What tells of the row, not of the product: a feed's own time stamps, and the columns this program keeps.
constexpr std::array<std::string_view, 12> kNoContent{"created_at", "createdAt",    "updated_at",    "updatedAt",
                                                      "list_hash",  "content_hash", "parse_status",  "parse_error",
                                                      "raw_json",   "list_json",    "last_seen_run", "removed_at"};

using State = std::pair<std::string_view, std::string_view>;
constexpr std::array<State, 9> kStatus{{{"판매중", "SALE"},
                                        {"품절", "OUTOFSTOCK"},
                                        {"판매중지", "SUSPENSION"},
                                        {"판매대기", "WAIT"},
                                        {"판매종료", "CLOSE"},
                                        {"판매금지", "PROHIBITION"},
                                        {"승인대기", "UNADMISSION"},
                                        {"승인거부", "REJECTION"},
                                        {"삭제", "DELETE"}}};
constexpr std::array<State, 3> kDisplay{{{"전시중", "ON"}, {"전시중지", "SUSPENSION"}, {"전시대기", "WAIT"}}};

constexpr std::size_t kLongestState = 40;

// Whether the word is the other one with gaps in it.
bool is_without_gaps(std::string_view word, std::string_view other) noexcept {
  std::size_t at = 0;
  for (const char c : word)
    if (c != ' ' && (at == other.size() || other[at++] != c)) return false;
  return at == other.size();
}

// What a sheet says beside a column's name, in brackets: 판매가(필수), [선택] 재고수량 (개). It tells how to fill it
// in.
bool is_note(std::string_view text) {
  constexpr std::array<std::string_view, 13> kNotes{
      "필수", "선택", "필수입력", "선택입력", "조건부필수", "required",       "optional",
      "원",   "KRW",  "won",      "개",       "EA",         "판매중/판매중지"};
  while (text.starts_with('*')) text.remove_prefix(1);
  const std::string_view note = trim_blanks(text);
  return std::ranges::any_of(kNotes, [&](std::string_view known) { return equal_ignoring_case(known, note); });
}

// The name without its notes; with all of it where there is nothing else.
std::string without_notes(std::string_view name) {
  std::string kept;
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t open = name.find_first_of("([", at);
    const std::size_t close = open == std::string_view::npos ? open : name.find_first_of(")]", open);
    if (close == std::string_view::npos) {
      kept += name.substr(at);
      break;
    }
    kept += name.substr(at, open - at);
    if (!is_note(name.substr(open + 1, close - open - 1))) kept += name.substr(open, close - open + 1);
    at = close + 1;
  }
  return trim_blanks(kept).empty() ? std::string(name) : kept;
}

std::span<const State> states_of(Column column) noexcept {
  if (column == Column::status) return kStatus;
  if (column == Column::display_status) return kDisplay;
  return {};
}

}  // namespace

std::optional<Column> column_of(std::string_view key) noexcept {
  if (key.empty()) return std::nullopt;
  for (std::size_t place = place_of(key); !kPlaced[place].first.empty(); place = (place + 1) % kPlaces)
    if (kPlaced[place].first == key) return kPlaced[place].second;
  return std::nullopt;
}

std::string header_key(std::string_view name) {
  constexpr std::size_t kLongest = 400;  // no name is; what is gives no key
  std::string key;
  if (name.size() > kLongest) return key;
  for (const char32_t c : to_characters(without_notes(to_half_width(to_nfc(name))))) {
    if (is_blank(c) || c == U'·') continue;
    const char ascii = c < 0x80 ? to_lower(static_cast<char>(c)) : '\0';
    if (c >= 0x80)
      append_utf8(c, key);
    else if (is_letter(ascii) || is_digit(ascii))
      key += ascii;
  }
  return key;
}

std::optional<Column> column_of_header(std::string_view name) {
  static const std::map<std::string, Column, std::less<>> kKeys = [] {
    std::map<std::string, Column, std::less<>> keys;
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
      const auto add = [&](std::string_view called) {
        if (!called.empty()) keys.emplace(header_key(called), static_cast<Column>(i));
      };
      add(kColumns[i].name);
      for (const std::string_view other : kColumns[i].other_names) add(other);
      for (std::string_view rest = kColumns[i].headers; !rest.empty();) add(take_until(rest, '|'));
    }
    return keys;
  }();
  const auto found = kKeys.find(header_key(name));
  return found == kKeys.end() ? std::nullopt : std::optional(found->second);
}

std::string_view state_of(Column column, std::string_view word) noexcept {
  const auto states = states_of(column);
  const std::string_view trimmed = trim_blanks(word);
  auto found = std::ranges::find(states, trimmed, &State::first);
  // 판매 중: nothing else is written so, and a look for it costs where there is a gap alone.
  if (found == states.end() && trimmed.size() < kLongestState && trimmed.find(' ') != trimmed.npos)
    found = std::ranges::find_if(states, [&](const State& state) { return is_without_gaps(trimmed, state.first); });
  return found == states.end() ? word : found->second;
}

std::string_view word_of_state(Column column, std::string_view state) noexcept {
  const auto states = states_of(column);
  const auto found = std::ranges::find(states, state, &State::second);
  return found == states.end() ? state : found->first;
}

bool is_content(std::string_view key) noexcept {
  return std::ranges::find(kNoContent, key) == kNoContent.end();
}

}  // namespace pipeline::catalogue
