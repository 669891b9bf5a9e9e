#pragma once

#include "pipeline/package/documents.h"

#include "json_output.h"

#include <string>
#include <string_view>
#include <vector>

namespace pipeline::package {

// A column of `products` that says something, and what it says.
struct CatalogueFact {
  std::string column;
  Json value;
};
[[nodiscard]] std::vector<CatalogueFact> facts_of(const catalogue::Product& product);

// The column that an author's fact speaks of by its name, in Korean or as the column is called; empty: none.
[[nodiscard]] std::string_view column_meant(std::string_view fact_name) noexcept;

// Whether two values say the same: texts but for white space at the ends and small or capital letters, amounts by their
// digits (12,900원 and 12900).
[[nodiscard]] bool say_the_same(const Json& a, const Json& b);

}  // namespace pipeline::package
