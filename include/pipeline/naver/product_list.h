#pragma once

#include "pipeline/base/sha256.h"
#include "pipeline/catalogue/product.h"
#include "pipeline/store/listing.h"

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// POST /v1/products/search (API page: search-product).
namespace pipeline::naver {

struct ListQuery {
  int page_size = 500;                // at most 500
  std::vector<std::string> statuses;  // productStatusTypes; empty: all
  std::string modified_since;         // yyyy-MM-dd in KST; empty: all
  std::string modified_until;         // the same; set with modified_since
  std::string registered_from{};      // the same; a query has one period, so not with modified_since
  std::string registered_until{};     // the same; set with registered_from
};

// The request body for one page, counted from 1. Ordered by product number, so that a product added or changed while
// the list is read moves as few rows as possible.
[[nodiscard]] std::string list_request(const ListQuery& query, int page);

struct ListPage {
  std::string error;  // the page can't be read; the rest is empty
  std::int64_t total_elements = 0;
  int total_pages = 0;
  std::int64_t elements = 0;               // entries of contents[], which total_elements counts
  std::vector<store::ListedProduct> rows;  // channel products: any number per entry, also none
  struct BadRow {
    std::string sku;  // or its place on the page, when even the number can't be read
    std::string error;
  };
  std::vector<BadRow> bad_rows;

  // What is wrong with the page or its first bad row; empty when nothing is.
  [[nodiscard]] std::string fault() const;
};

// Reads a page; rows that break the contract are set apart, the others packed.
// list_hash is SHA-256 over the row's canonical form; see kHashedFields in the source for which fields count.
[[nodiscard]] ListPage read_list_page(std::string_view body, simdjson::dom::parser& parser);

// The fields of two rows of one product that differ, for telling people what would be fetched and why. Nothing when the
// one before is no row.
[[nodiscard]] std::vector<catalogue::Change> diff_list_rows(std::string_view before, std::string_view after);

}  // namespace pipeline::naver
