#pragma once

#include "pipeline/catalogue/product.h"
#include "pipeline/upsert/upsert.h"

#include <string>
#include <utility>
#include <vector>

namespace pipeline::upsert {

class ProductColumns;

// How the file was understood, but for its rows.
[[nodiscard]] FileReading reading_of(const std::string& file, sheet::Reading reading, const ProductColumns& columns);

// The same in a line: read as a SmartStore product list (17 of 21 columns known), CSV in CP949, separated by tabs, …
[[nodiscard]] std::string reading_text(const FileReading& reading);

// What would be stored of a product: the columns that say something.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> fields_of(const catalogue::Product& product);

}  // namespace pipeline::upsert
