#pragma once

#include "pipeline/base/fingerprint.h"
#include "pipeline/base/sha256.h"
#include "pipeline/catalogue/product.h"

#include <string>
#include <string_view>
#include <utility>

namespace pipeline::store {

inline Sha256 hash_of(std::string_view text) {
  return Sha256Hasher().hash(text);
}

// A product with every column filled; `content` stands for what content_hash is made of.
inline catalogue::Product make_product(std::string sku, std::string_view content = "first") {
  catalogue::Product product;
  product.sku = std::move(sku);
  product.source = "MY_STORE";
  product.origin_product_no = 100;
  product.channel_product_no = 200;
  product.seller_management_code = "CODE-1";
  product.name = "이름";
  product.status = "SALE";
  product.display_status = "ON";
  product.sale_price = 1000;
  product.discounted_price = 900;
  product.stock_quantity = 5;
  product.category_id = "50000001";
  product.category_name = "a>b";
  product.brand = "brand";
  product.manufacturer = "maker";
  product.image_url = "https://example.com/1.jpg";
  product.modified_at = "2026-04-01T16:31:02.064+09:00";
  product.list_hash = hash_of("list");
  product.content_hash = hash_of(content);
  product.list_json = R"({"row":1})";
  product.raw_json = R"({"body":1})";
  return product;
}

// The same of a product file.
inline catalogue::Product make_row(std::string sku, std::string_view row = "row", std::string_view content = "first") {
  catalogue::Product product = make_product(std::move(sku), content);
  product.list_hash.reset();
  product.list_json.reset();
  product.row_hash = fingerprint_of(row);
  return product;
}

}  // namespace pipeline::store
