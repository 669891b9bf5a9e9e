#pragma once

#include "pipeline/base/fingerprint.h"
#include "pipeline/base/sha256.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::catalogue {

enum class ParseStatus { ok, fail };

// What names a product: two sources may give the same number to different ones. Views: they last as long as what they
// were taken from.
struct ProductKey {
  std::string_view source;
  std::string_view sku;
};
[[nodiscard]] std::string full_name(const ProductKey& key);  // SOURCE:SKU

// One row of `products`, as a source delivers it; the writer adds the times and the run. Absent values are NULL.
// Texts are UTF-8, but for the raw_json of a product that could not be parsed.
struct Product {
  std::string source;  // MY_STORE, AFFILIATE_SHOPPING_CONNECT, ...; with the SKU the key
  std::string sku;
  std::optional<std::int64_t> origin_product_no;
  std::optional<std::int64_t> channel_product_no;
  std::optional<std::string> seller_management_code;
  std::optional<std::string> name;
  std::optional<std::string> status;
  std::optional<std::string> display_status;
  std::optional<std::int64_t> sale_price;        // won
  std::optional<std::int64_t> discounted_price;  // won
  std::optional<std::int64_t> stock_quantity;
  std::optional<std::string> category_id;
  std::optional<std::string> category_name;
  std::optional<std::string> brand;
  std::optional<std::string> manufacturer;
  std::optional<std::string> image_url;
  std::optional<std::string> modified_at;  // ISO 8601, as received
  std::optional<Sha256> list_hash;         // of the row of a list that led here
  std::optional<Fingerprint> row_hash;     // of that of a file; neither: it has to be fetched again
  std::optional<Sha256> content_hash;      // of everything a reader of the product would notice
  std::optional<std::string> list_json;    // the list row as received
  std::string raw_json;                    // the product as received
  ParseStatus parse_status = ParseStatus::ok;
  std::string parse_error;

  [[nodiscard]] ProductKey key() const noexcept { return {source, sku}; }
};

// Why a post that speaks of the product has to be looked at again.
enum class Reason { new_product, price, stock, option, content, status, removed };
[[nodiscard]] std::string_view to_string(Reason reason) noexcept;  // NEW PRICE STOCK OPTION CONTENT STATUS REMOVED

// One noticed change; `before` and `after` are JSON values in canonical form (base/canonical_json.h), `null` where
// there was none.
struct Change {
  Reason reason;
  std::string field;
  std::string before;
  std::string after;
};

// Finds what differs between a stored body (raw_json) of a product and that of the product now, beyond what has a
// column of its own; each source has one. Called for changed products only, with bodies that both parsed.
using BodyDiff = std::function<std::vector<Change>(std::string_view before, const Product& after)>;

}  // namespace pipeline::catalogue
