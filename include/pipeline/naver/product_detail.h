#pragma once

#include "pipeline/catalogue/product.h"
#include "pipeline/store/catalogue.h"

#include <string>
#include <string_view>
#include <vector>

// GET /v2/products/channel-products/{channelProductNo} (API page: read-channel-product-1-product).
namespace pipeline::naver {

inline constexpr std::string_view kSource = "MY_STORE";

// What is wrong with the body: not JSON, not an object, a documented field of another type. Empty when nothing is.
[[nodiscard]] std::string check_detail(std::string_view body);

// The product from its list row and its detail. Of the two channel objects that a detail may have, the list row's
// channelServiceType says which one counts. Price, stock and status are the detail's, which is the later of the
// two; what only the list has (discounted price, category and brand names) is the list's. A body that check_detail
// refuses gives a product with parse_status fail, its columns from the list row, and no list_hash, so that the next run
// tries again.
//
// content_hash is SHA-256 over the columns and the documented members of originProduct and of the channel product, in
// canonical form: members the documentation does not name may be volatile (a view counter), and would fake a change.
[[nodiscard]] catalogue::Product make_product(std::string_view sku, const store::ListRow& row, std::string_view body);

// What changed between two details of one product, beyond the columns: OPTION below optionInfo, CONTENT for the rest.
// Nothing when either is no detail.
[[nodiscard]] std::vector<catalogue::Change> diff_details(std::string_view before, std::string_view after);

}  // namespace pipeline::naver
