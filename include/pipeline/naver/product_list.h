#pragma once

#include "pipeline/catalogue/product.h"
#include "pipeline/shop/shop.h"

#include <simdjson.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

// POST /v1/products/search (API page: search-product).
namespace pipeline::naver {

// The states a product can be in, for ListQuery::statuses.
inline constexpr std::array<std::string_view, 9> kStatuses{
    "WAIT", "SALE", "OUTOFSTOCK", "UNADMISSION", "REJECTION", "SUSPENSION", "CLOSE", "PROHIBITION", "DELETE"};

// The request body for one page, counted from 1. Ordered by product number, so that a product added or changed while
// the list is read moves as few rows as possible.
[[nodiscard]] std::string list_request(const shop::ListQuery& query, int page);

// Reads a page; rows that break the contract are set apart, the others packed.
// list_hash is SHA-256 over the row's canonical form; see kHashedFields in the source for which fields count.
[[nodiscard]] shop::ListPage read_list_page(std::string_view body, simdjson::dom::parser& parser);
// What is wrong with the page, or with its first row where none can be read; empty when nothing is. A bad row among
// good ones is that product's fault, and another answer would have it as well.
[[nodiscard]] std::string fault_of(const shop::ListPage& page);

// The fields of two rows of one product that differ, for telling people what would be fetched and why. Nothing when the
// one before is no row.
[[nodiscard]] std::vector<catalogue::Change> diff_list_rows(std::string_view before, std::string_view after);

}  // namespace pipeline::naver
