#include "pipeline/naver/product_list.h"

#include "pipeline/base/canonical_json.h"
#include "pipeline/base/text.h"
#include "pipeline/naver/contract.h"
#include "pipeline/naver/list_row.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>

namespace pipeline::naver {
namespace {

using shop::ListPage;
using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

enum class Type { integer, price, text, any };

// The fields of a list row that count for list_hash: the documented ones that say something of the product. Left out
// are the deprecated mobileDiscountedPrice, and whatever the documentation does not name (view counts, point and
// discount fields that come and go): a change in one of those must not cost a detail call.
struct Field {
  std::string_view name;
  Type type;
  catalogue::Reason reason;  // what a difference means to a post
};
using R = catalogue::Reason;
constexpr std::array kHashedFields{
    Field{"originProductNo", Type::integer, R::content},
    Field{"channelProductNo", Type::integer, R::content},
    Field{"channelServiceType", Type::text, R::content},
    Field{"categoryId", Type::text, R::content},
    Field{"name", Type::text, R::content},
    Field{"sellerManagementCode", Type::text, R::content},
    Field{"statusType", Type::text, R::status},
    Field{"channelProductDisplayStatusType", Type::text, R::status},
    Field{"salePrice", Type::price, R::price},
    Field{"discountedPrice", Type::integer, R::price},
    Field{"stockQuantity", Type::integer, R::stock},
    Field{"knowledgeShoppingProductRegistration", Type::any, R::content},
    Field{"deliveryAttributeType", Type::text, R::content},
    Field{"deliveryFee", Type::any, R::content},
    Field{"returnFee", Type::any, R::content},
    Field{"exchangeFee", Type::any, R::content},
    Field{"saleStartDate", Type::text, R::content},
    Field{"saleEndDate", Type::text, R::content},
    Field{"wholeCategoryName", Type::text, R::content},
    Field{"wholeCategoryId", Type::text, R::content},
    Field{"representativeImage", Type::any, R::content},
    Field{"modelId", Type::any, R::content},
    Field{"modelName", Type::text, R::content},
    Field{"brandName", Type::text, R::content},
    Field{"manufacturerName", Type::text, R::content},
    Field{"sellerTags", Type::any, R::content},
    Field{"regDate", Type::text, R::content},
    Field{"modifiedDate", Type::text, R::content},
};

// The canonical form: the hashed fields in the order above, absent and null alike left out.
void append_hashed_fields(object row, std::string& out) {
  for (const Field& field : kHashedFields) {
    element value;
    if (row.at_key(field.name).get(value) != simdjson::SUCCESS || value.is_null()) continue;
    out += field.name;
    out.push_back('=');
    append_canonical(value, out);
    out.push_back('\n');
  }
}

// Throws ContractError on the first field of another type. Returns the row's key.
std::int64_t check_row(object row) {
  for (const Field& field : kHashedFields) {
    if (field.type == Type::integer) (void)integer_at(row, field.name);
    if (field.type == Type::price) (void)price_at(row, field.name);
    if (field.type == Type::text) (void)string_at(row, field.name);
  }
  if (const auto image = object_at(row, "representativeImage")) (void)string_at(*image, "url");
  const auto number = required_integer(row, "channelProductNo");
  if (number <= 0) throw ContractError(fmt::format("channelProductNo is {}", number));
  return number;
}

// Of one entry of contents. It may have none: then there is nothing to do for it.
std::optional<array> channel_products(element entry) {
  object fields;
  if (entry.get(fields) != simdjson::SUCCESS) throw ContractError("the entry is not an object");
  return array_at(fields, "channelProducts");
}

// What to call a row that breaks the contract: its number if that much can be read.
std::string key_of(element row, std::int64_t entry) {
  std::int64_t number = 0;
  if (row.at_key("channelProductNo").get(number) == simdjson::SUCCESS) return fmt::format("{}", number);
  return fmt::format("entry {} of the page", entry);
}

// Reads the rows of a page, one by one.
class PageReader {
 public:
  explicit PageReader(ListPage& page) : page_(page) {}

  void read(object root) {
    page_.total_elements = required_integer(root, "totalElements");
    page_.total_pages = static_cast<int>(required_integer(root, "totalPages"));
    const auto contents = array_at(root, "contents");
    if (!contents && page_.total_elements > 0) throw ContractError("contents is missing");
    if (!contents) return;
    for (const element entry : *contents) {
      ++page_.elements;
      try {
        if (const auto products = channel_products(entry)) read_products(*products);
      } catch (const ContractError& e) {
        page_.bad_rows.push_back({fmt::format("entry {} of the page", page_.elements), e.what()});
      }
    }
  }

 private:
  void read_products(array products) {
    for (const element product : products) {
      try {
        object row;
        if (product.get(row) != simdjson::SUCCESS) throw ContractError("the channel product is not an object");
        const auto number = check_row(row);
        canonical_.clear();
        append_hashed_fields(row, canonical_);
        page_.rows.push_back({fmt::format_int(number).str(), hasher_.hash(canonical_), pack_row(row)});
      } catch (const ContractError& e) {
        page_.bad_rows.push_back({key_of(product, page_.elements), e.what()});
      }
    }
  }

  ListPage& page_;
  Sha256Hasher hasher_;
  std::string canonical_;
};

std::string value_text(object row, std::string_view key) {
  element value;
  std::string text;
  if (row.at_key(key).get(value) != simdjson::SUCCESS) return "null";
  append_canonical(value, text);
  return text;
}

}  // namespace

std::string list_request(const shop::ListQuery& query, int page) {
  nlohmann::json body = {{"page", page}, {"size", query.page_size}, {"orderType", "NO"}};
  if (!query.statuses.empty()) body["productStatusTypes"] = query.statuses;
  if (!query.modified_since.empty()) {
    body["periodType"] = "PROD_MOD_DAY";
    body["fromDate"] = query.modified_since;
    body["toDate"] = query.modified_until;
  } else if (!query.registered_from.empty()) {
    body["periodType"] = "PROD_REG_DAY";
    body["fromDate"] = query.registered_from;
    body["toDate"] = query.registered_until;
  }
  return body.dump();
}

std::string fault_of(const ListPage& page) {
  if (!page.error.empty() || page.bad_rows.empty() || !page.rows.empty()) return page.error;
  return fmt::format("product {}: {}", page.bad_rows.front().sku, page.bad_rows.front().error);
}

ListPage read_list_page(std::string_view body, simdjson::dom::parser& parser) {
  ListPage page;
  try {
    PageReader(page).read(parse_object(parser, body));
  } catch (const ContractError& e) {
    page = {};
    page.error = e.what();
  }
  return page;
}

std::vector<catalogue::Change> diff_list_rows(std::string_view before, std::string_view after) {
  simdjson::dom::parser before_parser;
  simdjson::dom::parser after_parser;
  std::vector<catalogue::Change> changes;
  object old_row;
  if (before_parser.parse(before.data(), before.size()).get(old_row) != simdjson::SUCCESS) return changes;
  const object new_row = parse_object(after_parser, after);
  for (const Field& field : kHashedFields) {
    auto old_value = value_text(old_row, field.name);
    auto new_value = value_text(new_row, field.name);
    if (old_value != new_value)
      changes.push_back({field.reason, std::string(field.name), std::move(old_value), std::move(new_value)});
  }
  return changes;
}

}  // namespace pipeline::naver
