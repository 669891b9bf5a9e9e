#include "pipeline/naver/list_row.h"
#include "pipeline/naver/product_list.h"

#include "target.h"

using namespace pipeline;

FUZZ_TARGET(list_body) {
  simdjson::dom::parser parser;
  const shop::ListPage page = naver::read_list_page(input, parser);
  const shop::ListPage again = naver::read_list_page(input, parser);
  fuzz::require(page.error.empty() || page.rows.empty(), "what can't be read has no rows");
  fuzz::require(naver::fault_of(page).empty() == (page.error.empty() && page.bad_rows.empty()), "a fault is told");
  fuzz::require(page.rows.size() == again.rows.size(), "a page has the same rows twice");
  for (std::size_t i = 0; i < page.rows.size(); ++i) {
    fuzz::require(!page.rows[i].sku.empty(), "a row has a key");
    fuzz::require(page.rows[i].list_hash == again.rows[i].list_hash, "a row has the same hash twice");
    const auto kept = naver::read_row({page.rows[i].list_hash, page.rows[i].packed}).product;
    fuzz::require(std::to_string(*kept.channel_product_no) == page.rows[i].sku, "a row that waits keeps its number");
    const auto stored = naver::read_row({page.rows[i].list_hash, *kept.list_json, false}).product;
    fuzz::require(stored.name == kept.name && stored.sale_price == kept.sale_price, "packed and stored say the same");
    fuzz::require(naver::diff_list_rows(*kept.list_json, *kept.list_json).empty(), "a row is equal to itself");
  }
}
