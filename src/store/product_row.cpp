#include "pipeline/store/product_row.h"

#include <fmt/format.h>

namespace pipeline::store {

// In the order of their table: first the two that make the key.
std::string product_columns(std::string_view table) {
  std::string names = fmt::format("{0}content_hash, {0}parse_status, {0}removed_at", table);
  for (const auto& column : catalogue::kColumns) names += fmt::format(", {}{}", table, column.name);
  return names;
}

}  // namespace pipeline::store
