#include "pipeline/naver/list_row.h"

#include "pipeline/catalogue/columns.h"
#include "pipeline/naver/contract.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <optional>

namespace pipeline::naver {
namespace {

using catalogue::Column;
using simdjson::dom::object;

struct RowField {
  std::string_view name;
  Column column;
};
constexpr std::array kFields{
    RowField{"originProductNo", Column::origin_product_no},
    RowField{"channelProductNo", Column::channel_product_no},
    RowField{"sellerManagementCode", Column::seller_management_code},
    RowField{"name", Column::name},
    RowField{"statusType", Column::status},
    RowField{"channelProductDisplayStatusType", Column::display_status},
    RowField{"salePrice", Column::sale_price},
    RowField{"discountedPrice", Column::discounted_price},
    RowField{"stockQuantity", Column::stock_quantity},
    RowField{"categoryId", Column::category_id},
    RowField{"wholeCategoryName", Column::category_name},
    RowField{"brandName", Column::brand},
    RowField{"manufacturerName", Column::manufacturer},
    RowField{"representativeImage", Column::image_url},
    RowField{"modifiedDate", Column::modified_at},
};

// Values one after the other, each as `length:bytes`; `-` where there is none.
void append(std::optional<std::string_view> value, std::string& out) {
  if (!value) {
    out.push_back('-');
    return;
  }
  fmt::format_to(std::back_inserter(out), "{}:", value->size());
  out += *value;
}

std::optional<std::string_view> take(std::string_view& packed) {
  if (packed.starts_with('-')) {
    packed.remove_prefix(1);
    return std::nullopt;
  }
  std::size_t length = 0;
  const char* colon = std::from_chars(packed.data(), packed.data() + packed.size(), length).ptr;
  packed.remove_prefix(static_cast<std::size_t>(colon - packed.data()) + 1);
  const auto value = packed.substr(0, length);
  packed.remove_prefix(value.size());
  return value;
}

std::int64_t to_number(std::string_view digits) {
  std::int64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

std::optional<std::string_view> text_at(object row, const RowField& field) {
  if (field.column != Column::image_url) return string_at(row, field.name);
  const auto image = object_at(row, field.name);
  return image ? string_at(*image, "url") : std::nullopt;
}

}  // namespace

std::string pack_row(object row) {
  std::string packed;
  append(string_at(row, "channelServiceType"), packed);
  for (const RowField& field : kFields) {
    if (!is_number(field.column))
      append(text_at(row, field), packed);
    else if (const auto number = integer_at(row, field.name))
      append(fmt::format_int(*number).c_str(), packed);
    else
      append(std::nullopt, packed);
  }
  packed += simdjson::minify(row);
  return packed;
}

ListRow read_row(const shop::KeptRow& kept) {
  if (!kept.is_packed) {
    simdjson::dom::parser parser;
    return read_row({kept.list_hash, pack_row(parse_object(parser, kept.text))});
  }
  std::string_view packed = kept.text;
  ListRow row;
  row.is_of_window = take(packed) == "WINDOW";
  for (const RowField& field : kFields) {
    const auto value = take(packed);
    if (!value) continue;
    const auto& column = info(field.column);
    if (column.number != nullptr)
      row.product.*column.number = to_number(*value);
    else
      row.product.*column.text = *value;
  }
  row.product.list_json = packed;
  return row;
}

}  // namespace pipeline::naver
