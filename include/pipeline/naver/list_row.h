#pragma once

#include "pipeline/catalogue/product.h"
#include "pipeline/shop/shop.h"

#include <simdjson.h>

#include <string>

// A row of the product list on its way to the product it is a part of.
namespace pipeline::naver {

// What the row tells of its product.
struct ListRow {
  catalogue::Product product;  // the columns that the list has, and list_json
  bool is_of_window = false;   // which of the two channel objects of the detail counts
};

// The row's columns and its JSON in one text, so that a row that waits for its detail is not parsed again. Throws
// ContractError when a column's field has another type than documented.
[[nodiscard]] std::string pack_row(simdjson::dom::object row);

// Throws ContractError when a row that is stored as JSON is none.
[[nodiscard]] ListRow read_row(const shop::KeptRow& row);

}  // namespace pipeline::naver
