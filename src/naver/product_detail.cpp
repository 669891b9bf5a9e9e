#include "pipeline/naver/product_detail.h"

#include "pipeline/base/canonical_json.h"
#include "pipeline/base/text.h"
#include "pipeline/catalogue/columns.h"
#include "pipeline/catalogue/leaf_diff.h"
#include "pipeline/naver/contract.h"
#include "pipeline/naver/list_row.h"

#include <algorithm>
#include <array>
#include <utility>

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

std::optional<std::string> copy(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  return std::string(*text);
}

template <typename T>
std::optional<T> first_of(std::optional<T> preferred, std::optional<T> other) {
  return preferred ? preferred : other;
}

std::optional<std::string_view> representative_image(object holder) {
  const auto image = object_at(holder, "representativeImage");
  return image ? string_at(*image, "url") : std::nullopt;
}

// How the product shows on the SmartStore or in a window.
struct Channel {
  object members;
  std::optional<std::string_view> display_status;
};

std::optional<Channel> read_channel(object root, std::string_view name) {
  const auto members = object_at(root, name);
  if (!members) return std::nullopt;
  return Channel{*members, string_at(*members, "channelProductDisplayStatusType")};
}

}  // namespace

// The documented fields the program reads, with their types checked.
struct DetailFields {
  explicit DetailFields(object root);

  // The one that is meant; where the detail has only the other, that one.
  [[nodiscard]] const std::optional<Channel>& channel(bool of_window) const noexcept {
    return (of_window && window) || !smartstore ? window : smartstore;
  }

  object root;
  object origin;
  std::optional<Channel> smartstore, window;
  std::string_view name;
  std::string_view status;
  std::int64_t sale_price = 0;
  std::optional<std::int64_t> stock;
  std::optional<std::string_view> category_id, image_url, seller_code, brand, manufacturer;
};

DetailFields::DetailFields(object detail) : root(detail) {
  const auto found = object_at(root, "originProduct");
  if (!found) throw ContractError("originProduct is missing");
  origin = *found;
  smartstore = read_channel(root, kSmartstore);
  window = read_channel(root, kWindow);
  name = required_string(origin, "name");
  status = required_string(origin, "statusType");
  sale_price = required_price(origin, "salePrice");
  stock = integer_at(origin, "stockQuantity");
  category_id = string_at(origin, "leafCategoryId");
  (void)string_at(origin, "detailContent");
  if (const auto images = object_at(origin, "images")) {
    image_url = representative_image(*images);
    (void)array_at(*images, "optionalImages");
  }
  const auto attribute = object_at(origin, "detailAttribute");
  if (!attribute) return;
  if (const auto info = object_at(*attribute, "naverShoppingSearchInfo")) {
    brand = string_at(*info, "brandName");
    manufacturer = string_at(*info, "manufacturerName");
  }
  if (const auto info = object_at(*attribute, "sellerCodeInfo")) seller_code = string_at(*info, "sellerManagementCode");
  if (const auto info = object_at(*attribute, "optionInfo")) {
    (void)array_at(*info, "optionSimple");
    (void)array_at(*info, "optionCombinations");
  }
}

namespace {

void apply(const DetailFields& fields, const std::optional<Channel>& channel, catalogue::Product& product) {
  product.status = fields.status;
  product.sale_price = fields.sale_price;
  product.stock_quantity = first_of(fields.stock, product.stock_quantity);
  product.category_id = first_of(copy(fields.category_id), product.category_id);
  product.image_url = first_of(copy(fields.image_url), product.image_url);
  if (channel) product.display_status = first_of(copy(channel->display_status), product.display_status);
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
std::string canonical_content(const catalogue::Product& product, const DetailFields& fields,
                              const std::optional<Channel>& channel) {
  std::string out;
  out.reserve(product.raw_json.size() + 1024);  // about what it comes to
  for (const auto& column : catalogue::kColumns) {
    if (is_in_detail(column)) continue;
    if (column.text) append_column(column.name, product.*column.text, out);
    if (column.number) append_column(column.name, product.*column.number, out);
  }
  append_members(fields.origin, kOriginMembers, out);
  if (channel) append_members(channel->members, kChannelMembers, out);
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

catalogue::Leaves leaves_of(object root) {
  catalogue::Leaves leaves;
  collect_members(root, "originProduct", kOriginMembers, leaves);
  for (const auto channel : {kSmartstore, kWindow}) collect_members(root, channel, kChannelMembers, leaves);
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

Detail::Detail(std::string body, simdjson::dom::parser& parser) : body_(std::move(body)) {
  try {
    fields_ = std::make_unique<const DetailFields>(parse_object(parser, body_, document_));
  } catch (const ContractError& e) {
    fault_ = e.what();
  }
}

Detail::~Detail() = default;

catalogue::Product Detail::take_product(std::string_view sku, const shop::KeptRow& kept) {
  ListRow row;
  std::string fault = fault_;
  try {
    row = read_row(kept);
  } catch (const ContractError& e) {
    fault = e.what();
    row.product.list_json = kept.text;
  }
  catalogue::Product& product = row.product;
  product.sku = sku;
  product.source = kSource;
  product.raw_json = std::move(body_);
  if (!fault.empty()) {
    product.parse_status = catalogue::ParseStatus::fail;
    product.parse_error = std::move(fault);
    return std::move(product);
  }
  const auto& channel = fields_->channel(row.is_of_window);
  apply(*fields_, channel, product);
  Sha256Hasher hasher;
  product.content_hash = hasher.hash(canonical_content(product, *fields_, channel));
  product.list_hash = kept.list_hash;
  return std::move(product);
}

// Another source's body (the row of a product file, say) may be stored, too.
std::vector<catalogue::Change> Detail::changes_since(std::string_view stored_body) const {
  simdjson::dom::parser parser;
  object before;
  object origin;
  if (!fields_ || parser.parse(stored_body.data(), stored_body.size()).get(before) != simdjson::SUCCESS ||
      before.at_key("originProduct").get(origin) != simdjson::SUCCESS)
    return {};
  return catalogue::diff_leaves(leaves_of(before), leaves_of(fields_->root), reason_of);
}

}  // namespace pipeline::naver
