#pragma once

#include "pipeline/base/sha256.h"
#include "pipeline/catalogue/product.h"

#include <simdjson.h>

#include <string>
#include <string_view>

// A row of the product list on its way to the product it is a part of.
namespace pipeline::naver {

// As it waits for its detail, or is stored with a product.
struct KeptRow {
  Sha256 list_hash;
  std::string text;  // packed, or JSON
  bool is_packed = true;
};

// What the row tells of its product.
struct ListRow {
  catalogue::Product product;  // the columns that the list has, and list_json
  bool is_of_window = false;   // which of the two channel objects of the detail counts
};

// The row's columns and its JSON in one text, so that a row that waits for its detail is not parsed again. Throws
// ContractError when a column's field has another type than documented.
[[nodiscard]] std::string pack_row(simdjson::dom::object row);

// Throws ContractError when a row that is stored as JSON is none.
[[nodiscard]] ListRow read_row(const KeptRow& row);

}  // namespace pipeline::naver
