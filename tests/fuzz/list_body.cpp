#include "pipeline/naver/contract.h"
#include "pipeline/naver/product_list.h"

#include "target.h"

using namespace pipeline;

FUZZ_TARGET(list_body) {
  const std::string fault = naver::check_list_page(input);
  try {
    const naver::ListPage page = naver::parse_list_page(input);
    const naver::ListPage again = naver::parse_list_page(input);
    fuzz::require(fault.empty() == page.bad_rows.empty(), "the check agrees with the reading");
    fuzz::require(page.rows.size() == again.rows.size(), "a page has the same rows twice");
    for (std::size_t i = 0; i < page.rows.size(); ++i) {
      fuzz::require(!page.rows[i].sku.empty(), "a row has a key");
      fuzz::require(page.rows[i].list_hash == again.rows[i].list_hash, "a row has the same hash twice");
      static_cast<void>(naver::name_of_row(page.rows[i].json));
      fuzz::require(naver::diff_list_rows(page.rows[i].json, page.rows[i].json).empty(), "a row is equal to itself");
    }
  } catch (const naver::ContractError&) {
    fuzz::require(!fault.empty(), "what can't be read does not pass the check");
  }
}
