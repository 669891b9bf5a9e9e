#include "pipeline/catalogue/columns.h"

#include "pipeline/base/text.h"

#include <algorithm>
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

}  // namespace

std::optional<Column> column_of(std::string_view key) noexcept {
  if (key.empty()) return std::nullopt;
  for (std::size_t place = place_of(key); !kPlaced[place].first.empty(); place = (place + 1) % kPlaces)
    if (kPlaced[place].first == key) return kPlaced[place].second;
  return std::nullopt;
}

std::optional<Column> column_of_header(std::string_view name) noexcept {
  for (const auto& [known, column] : kPlaced)
    if (!known.empty() && equal_ignoring_case(known, name)) return column;
  return std::nullopt;
}

bool is_content(std::string_view key) noexcept {
  return std::ranges::find(kNoContent, key) == kNoContent.end();
}

}  // namespace pipeline::catalogue
