#include "pipeline/naver/product_detail.h"

#include "target.h"

using namespace pipeline;

FUZZ_TARGET(detail_body) {
  const shop::KeptRow row{.list_hash = {},
                          .text = R"({"originProductNo":1,"channelProductNo":2,"name":"n","salePrice":3})",
                          .is_packed = false};
  simdjson::dom::parser parser;
  naver::Detail detail(std::string(input), parser);
  naver::Detail same(std::string(input), parser);
  const catalogue::Product product = detail.take_product("2", row);
  const catalogue::Product again = same.take_product("2", row);
  fuzz::require(product.sku == "2", "the key stays");
  fuzz::require(product.raw_json == input, "the body is stored as it came");
  fuzz::require(detail.fault().empty() == product.content_hash.has_value(), "a fault makes no content");
  fuzz::require(product.content_hash == again.content_hash, "a detail has the same hash twice");
  fuzz::require(detail.changes_since(input).empty(), "a detail is equal to itself");
}
