#pragma once

#include "pipeline/catalogue/product.h"
#include "pipeline/shop/shop.h"

#include <simdjson.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

// GET /v2/products/channel-products/{channelProductNo} (API page: read-channel-product-1-product).
namespace pipeline::naver {

inline constexpr std::string_view kSource = "MY_STORE";

struct DetailFields;

// A detail, parsed once: whether it keeps the contract, the product it makes and what it changes are all read from
// that. It may be made on one thread and used on another.
class Detail final : public shop::Detail {
 public:
  // The parser is free again afterwards.
  Detail(std::string body, simdjson::dom::parser& parser);
  ~Detail() override;

  // What is wrong with the body: not JSON, not an object, a documented field of another type. Empty when nothing is.
  [[nodiscard]] const std::string& fault() const noexcept { return fault_; }

  // The product from its list row and its detail; the body goes with it. Of the two channel objects that a detail may
  // have, the list row says which one counts. Price, stock and status are the detail's, which is the later of the two;
  // what only the list has (discounted price, category and brand names) is the list's. A detail with a fault gives a
  // product with parse_status fail, its columns from the list row, and no list_hash, so that the next run tries again;
  // so does a stored list row that is none.
  //
  // content_hash is SHA-256 over the columns and the documented members of originProduct and of the channel product, in
  // canonical form: members the documentation does not name may be volatile (a view counter), and would fake a change.
  [[nodiscard]] catalogue::Product take_product(std::string_view sku, const shop::KeptRow& row) override;

  // What changed since the detail with the stored body, beyond the columns: OPTION below optionInfo, CONTENT for the
  // rest. Nothing when either is no detail.
  [[nodiscard]] std::vector<catalogue::Change> changes_since(std::string_view stored_body) const override;

 private:
  std::string body_;
  simdjson::dom::document document_;            // what the fields refer to
  std::unique_ptr<const DetailFields> fields_;  // null: there is a fault
  std::string fault_;
};

}  // namespace pipeline::naver
