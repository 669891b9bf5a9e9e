#include "pipeline/upsert/columns.h"

#include "pipeline/base/text.h"

#include <algorithm>
#include <array>
#include <utility>

namespace pipeline::upsert {
namespace {

using Names = std::pair<std::string_view, Column>;

// By the table's order, so that a column is the index of its name.
constexpr std::array<Names, kColumns> kTableNames{{
    {"sku", Column::sku},
    {"source", Column::source},
    {"origin_product_no", Column::origin_product_no},
    {"channel_product_no", Column::channel_product_no},
    {"seller_management_code", Column::seller_management_code},
    {"name", Column::name},
    {"status", Column::status},
    {"display_status", Column::display_status},
    {"sale_price", Column::sale_price},
    {"discounted_price", Column::discounted_price},
    {"stock_quantity", Column::stock_quantity},
    {"category_id", Column::category_id},
    {"category_name", Column::category_name},
    {"brand", Column::brand},
    {"manufacturer", Column::manufacturer},
    {"image_url", Column::image_url},
    {"modified_at", Column::modified_at},
}};

// camelCase of the above where it differs, and what list and detail of the Commerce API call them.
constexpr std::array<Names, 19> kApiNames{{
    {"originProductNo", Column::origin_product_no},
    {"channelProductNo", Column::channel_product_no},
    {"sellerManagementCode", Column::seller_management_code},
    {"statusType", Column::status},
    {"displayStatus", Column::display_status},
    {"channelProductDisplayStatusType", Column::display_status},
    {"salePrice", Column::sale_price},
    {"discountedPrice", Column::discounted_price},
    {"stockQuantity", Column::stock_quantity},
    {"categoryId", Column::category_id},
    {"leafCategoryId", Column::category_id},
    {"categoryName", Column::category_name},
    {"wholeCategoryName", Column::category_name},
    {"brandName", Column::brand},
    {"manufacturerName", Column::manufacturer},
    {"imageUrl", Column::image_url},
    {"representativeImage", Column::image_url},
    {"modifiedAt", Column::modified_at},
    {"modifiedDate", Column::modified_at},
}};

// All names, each at the first free place from its hash on: the keys of every row are looked up here.
constexpr std::size_t kPlaces = 128;
using Places = std::array<Names, kPlaces>;

constexpr std::size_t place_of(std::string_view key) noexcept {
  const auto first = static_cast<unsigned char>(key.front());
  const auto last = static_cast<unsigned char>(key.back());
  return (key.size() * 7 + first * 31U + last) % kPlaces;
}

constexpr void put(const Names& name, Places& places) {
  std::size_t place = place_of(name.first);
  while (!places[place].first.empty()) place = (place + 1) % kPlaces;
  places[place] = name;
}

constexpr Places kPlaced = [] {
  Places places{};
  for (const auto& name : kTableNames) put(name, places);
  for (const auto& name : kApiNames) put(name, places);
  return places;
}();

// What tells of the row, not of the product: a feed's own time stamps, and the columns this program keeps.
constexpr std::array<std::string_view, 12> kNoContent{"created_at", "createdAt",    "updated_at",    "updatedAt",
                                                      "list_hash",  "content_hash", "parse_status",  "parse_error",
                                                      "raw_json",   "list_json",    "last_seen_run", "removed_at"};

}  // namespace

std::string_view name_of(Column column) noexcept {
  return kTableNames[static_cast<std::size_t>(column)].first;
}

std::vector<std::string> other_names_of(Column column) {
  std::vector<std::string> names;
  for (const auto& [name, named] : kApiNames)
    if (named == column) names.emplace_back(name);
  return names;
}

bool is_integer(Column column) noexcept {
  switch (column) {
    case Column::origin_product_no:
    case Column::channel_product_no:
    case Column::sale_price:
    case Column::discounted_price:
    case Column::stock_quantity:
      return true;
    default:
      return false;
  }
}

bool is_code(Column column) noexcept {
  return column == Column::sku || column == Column::seller_management_code || column == Column::category_id;
}

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

}  // namespace pipeline::upsert
