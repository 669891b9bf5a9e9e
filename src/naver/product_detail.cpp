#include "pipeline/naver/product_detail.h"

#include "pipeline/base/canonical_json.h"
#include "pipeline/base/text.h"
#include "pipeline/catalogue/columns.h"
#include "pipeline/catalogue/leaf_diff.h"
#include "pipeline/naver/contract.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace pipeline::naver {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

// The documented members of the two objects of a detail. What stands below them counts whole.
constexpr std::array<std::string_view, 14> kOriginMembers{
    "statusType",      "saleType",        "leafCategoryId", "name",          "detailContent", "images",
    "saleStartDate",   "saleEndDate",     "salePrice",      "stockQuantity", "deliveryInfo",  "detailAttribute",
    "customerBenefit", "productLogistics"};
constexpr std::array<std::string_view, 4> kChannelMembers{"channelProductName", "channelProductDisplayStatusType",
                                                          "naverShoppingRegistration", "storeKeepExclusiveProduct"};
// How a product shows on the SmartStore and in a window: a detail may have both.
constexpr std::string_view kSmartstore = "smartstoreChannelProduct";
constexpr std::string_view kWindow = "windowChannelProduct";
constexpr std::array kChannelObjects{kSmartstore, kWindow};

std::optional<std::string> copy(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  return std::string(*text);
}

template <typename T>
std::optional<T> first_of(std::optional<T> preferred, std::optional<T> other) {
  return preferred ? preferred : other;
}

// The one that is meant, by the list row's channelServiceType; where the detail has only the other, that one.
std::optional<object> channel_object(object root, std::string_view service_type) {
  const bool window = service_type == "WINDOW";
  return first_of(object_at(root, window ? kWindow : kSmartstore), object_at(root, window ? kSmartstore : kWindow));
}

std::optional<std::string_view> display_status_of(object channel) {
  return string_at(channel, "channelProductDisplayStatusType");
}

std::optional<std::string_view> representative_image(object holder) {
  const auto image = object_at(holder, "representativeImage");
  return image ? string_at(*image, "url") : std::nullopt;
}

// The documented fields the program reads, with their types checked.
struct DetailFields {
  object origin;
  std::optional<object> channel;
  std::string_view name;
  std::string_view status;
  std::int64_t sale_price = 0;
  std::optional<std::int64_t> stock;
  std::optional<std::string_view> category_id, image_url, seller_code, brand, manufacturer, display_status;
};

DetailFields read_fields(object root, std::string_view service_type) {
  const auto origin = object_at(root, "originProduct");
  if (!origin) throw ContractError("originProduct is missing");
  DetailFields fields;
  fields.origin = *origin;
  fields.channel = channel_object(root, service_type);
  fields.name = required_string(*origin, "name");
  fields.status = required_string(*origin, "statusType");
  fields.sale_price = required_integer(*origin, "salePrice");
  fields.stock = integer_at(*origin, "stockQuantity");
  fields.category_id = string_at(*origin, "leafCategoryId");
  (void)string_at(*origin, "detailContent");
  if (const auto images = object_at(*origin, "images")) {
    fields.image_url = representative_image(*images);
    (void)array_at(*images, "optionalImages");
  }
  if (const auto attribute = object_at(*origin, "detailAttribute")) {
    if (const auto info = object_at(*attribute, "naverShoppingSearchInfo")) {
      fields.brand = string_at(*info, "brandName");
      fields.manufacturer = string_at(*info, "manufacturerName");
    }
    if (const auto info = object_at(*attribute, "sellerCodeInfo"))
      fields.seller_code = string_at(*info, "sellerManagementCode");
    if (const auto info = object_at(*attribute, "optionInfo")) {
      (void)array_at(*info, "optionSimple");
      (void)array_at(*info, "optionCombinations");
    }
  }
  if (fields.channel) fields.display_status = display_status_of(*fields.channel);
  return fields;
}

// What the list row alone says of the product.
void apply_row(object row, catalogue::Product& product) {
  product.origin_product_no = integer_at(row, "originProductNo");
  product.channel_product_no = integer_at(row, "channelProductNo");
  product.seller_management_code = copy(string_at(row, "sellerManagementCode"));
  product.name = copy(string_at(row, "name"));
  product.status = copy(string_at(row, "statusType"));
  product.display_status = copy(string_at(row, "channelProductDisplayStatusType"));
  product.sale_price = integer_at(row, "salePrice");
  product.discounted_price = integer_at(row, "discountedPrice");
  product.stock_quantity = integer_at(row, "stockQuantity");
  product.category_id = copy(string_at(row, "categoryId"));
  product.category_name = copy(string_at(row, "wholeCategoryName"));
  product.brand = copy(string_at(row, "brandName"));
  product.manufacturer = copy(string_at(row, "manufacturerName"));
  product.image_url = copy(representative_image(row));
  product.modified_at = copy(string_at(row, "modifiedDate"));
}

void apply(const DetailFields& fields, catalogue::Product& product) {
  product.status = fields.status;
  product.sale_price = fields.sale_price;
  product.stock_quantity = first_of(fields.stock, product.stock_quantity);
  product.category_id = first_of(copy(fields.category_id), product.category_id);
  product.image_url = first_of(copy(fields.image_url), product.image_url);
  product.display_status = first_of(copy(fields.display_status), product.display_status);
  // The list's name is the channel's own, which shoppers see; the rest is named by the list when it is there.
  product.name = first_of(product.name, std::optional<std::string>(fields.name));
  product.seller_management_code = first_of(product.seller_management_code, copy(fields.seller_code));
  product.brand = first_of(product.brand, copy(fields.brand));
  product.manufacturer = first_of(product.manufacturer, copy(fields.manufacturer));
}

template <std::size_t N>
void append_members(object holder, const std::array<std::string_view, N>& names, std::string& out) {
  for (const auto name : names) {
    element value;
    if (holder.at_key(name).get(value) != simdjson::SUCCESS || value.is_null()) continue;
    out += name;
    out.push_back('=');
    append_canonical(value, out);
    out.push_back('\n');
  }
}

void append_column(std::string_view name, const std::optional<std::string>& value, std::string& out) {
  if (!value) return;
  out += name;
  out.push_back('=');
  append_json_string(*value, out);
  out.push_back('\n');
}

void append_column(std::string_view name, std::optional<std::int64_t> value, std::string& out) {
  if (value) append_column(name, std::to_string(*value), out);
}

// What is hashed with the detail, or says nothing of the product.
bool is_in_detail(const catalogue::ColumnInfo& column) noexcept {
  using catalogue::Column;
  constexpr std::array kLeftOut = {Column::channel_product_no, Column::status, Column::sale_price, Column::modified_at};
  return std::ranges::any_of(kLeftOut, [&](Column left_out) { return name_of(left_out) == column.name; });
}

// The columns that come from the list, then the detail.
std::string canonical_content(const catalogue::Product& product, const DetailFields& fields) {
  std::string out;
  for (const auto& column : catalogue::kColumns) {
    if (is_in_detail(column)) continue;
    if (column.text) append_column(column.name, product.*column.text, out);
    if (column.number) append_column(column.name, product.*column.number, out);
  }
  append_members(fields.origin, kOriginMembers, out);
  if (fields.channel) append_members(*fields.channel, kChannelMembers, out);
  return out;
}

// What has a column of its own, and is compared there.
constexpr std::array<std::string_view, 10> kColumnPaths{
    "originProduct.statusType",
    "originProduct.salePrice",
    "originProduct.stockQuantity",
    "originProduct.leafCategoryId",
    "originProduct.images.representativeImage.url",
    "originProduct.detailAttribute.sellerCodeInfo.sellerManagementCode",
    "originProduct.detailAttribute.naverShoppingSearchInfo.brandName",
    "originProduct.detailAttribute.naverShoppingSearchInfo.manufacturerName",
    "smartstoreChannelProduct.channelProductDisplayStatusType",
    "windowChannelProduct.channelProductDisplayStatusType"};

template <std::size_t N>
void collect_members(object root, std::string_view holder, const std::array<std::string_view, N>& names,
                     catalogue::Leaves& leaves) {
  object found;
  if (root.at_key(holder).get(found) != simdjson::SUCCESS) return;
  for (const auto name : names) {
    element value;
    if (found.at_key(name).get(value) == simdjson::SUCCESS)
      catalogue::collect_leaves(value, std::string(holder) + "." + std::string(name), leaves);
  }
}

// Nothing of a body that is no detail (the row of a product file, say).
std::optional<catalogue::Leaves> leaves_of(std::string_view body) {
  simdjson::dom::parser parser;
  object root;
  if (parser.parse(body.data(), body.size()).get(root) != simdjson::SUCCESS) return std::nullopt;
  if (object origin; root.at_key("originProduct").get(origin) != simdjson::SUCCESS) return std::nullopt;
  catalogue::Leaves leaves;
  collect_members(root, "originProduct", kOriginMembers, leaves);
  for (const auto channel : kChannelObjects) collect_members(root, channel, kChannelMembers, leaves);
  for (const auto path : kColumnPaths) leaves.erase(std::string(path));
  return leaves;
}

catalogue::Reason reason_of(std::string_view path) {
  if (path.starts_with("originProduct.detailAttribute.optionInfo")) return catalogue::Reason::option;
  // In won or in percent, so it moves with the price.
  if (path.starts_with("originProduct.customerBenefit.immediateDiscountPolicy")) return catalogue::Reason::price;
  return catalogue::Reason::content;
}

}  // namespace

std::string check_detail(std::string_view body) {
  simdjson::dom::parser parser;
  try {
    const object root = parse_object(parser, body);
    (void)read_fields(root, {});
    for (const auto name : kChannelObjects)  // which one is meant, the list row knows
      if (const auto channel = object_at(root, name)) (void)display_status_of(*channel);
    return {};
  } catch (const ContractError& e) {
    return e.what();
  }
}

catalogue::Product make_product(std::string_view sku, const store::ListRow& row, std::string_view body) {
  catalogue::Product product;
  product.sku = sku;
  product.source = kSource;
  product.list_json = row.json;
  product.raw_json = body;
  simdjson::dom::parser row_parser;
  simdjson::dom::parser parser;
  try {
    const object listed = parse_object(row_parser, row.json);
    apply_row(listed, product);
    const auto service_type = string_at(listed, "channelServiceType").value_or("");
    const DetailFields fields = read_fields(parse_object(parser, body), service_type);
    apply(fields, product);
    Sha256Hasher hasher;
    product.content_hash = hasher.hash(canonical_content(product, fields));
    product.list_hash = row.list_hash;
  } catch (const ContractError& e) {
    product.parse_status = catalogue::ParseStatus::fail;
    product.parse_error = e.what();
  }
  return product;
}

std::vector<catalogue::Change> diff_details(std::string_view before, std::string_view after) {
  auto old_leaves = leaves_of(before);
  auto new_leaves = leaves_of(after);
  if (!old_leaves || !new_leaves) return {};
  return catalogue::diff_leaves(std::move(*old_leaves), std::move(*new_leaves), reason_of);
}

}  // namespace pipeline::naver
