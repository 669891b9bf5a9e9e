#include "pipeline/naver/product_detail.h"

#include "target.h"

using namespace pipeline;

FUZZ_TARGET(detail_body) {
  const std::string fault = naver::check_detail(input);
  const store::ListRow row{.list_hash = {},
                           .json = R"({"originProductNo":1,"channelProductNo":2,"name":"n","salePrice":3})"};
  const catalogue::Product product = naver::make_product("2", row, input);
  const catalogue::Product again = naver::make_product("2", row, input);
  fuzz::require(product.sku == "2", "the key stays");
  fuzz::require(product.content_hash == again.content_hash, "a detail has the same hash twice");
  fuzz::require(naver::diff_details(input, input).empty(), "a detail is equal to itself");
}
