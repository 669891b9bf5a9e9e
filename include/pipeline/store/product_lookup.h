#pragma once

#include "pipeline/catalogue/product.h"
#include "pipeline/store/database.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::store {

struct FoundProduct {
  catalogue::Product product;  // without the bodies: list_json and raw_json are empty
  std::string name;            // its SKU, or SOURCE:SKU where other sources have the SKU as well
  std::optional<WallTime> removed_at;
};

// Finds the product an author means. Reads also a database that was opened read-only. Same thread as its database.
class ProductLookup {
 public:
  explicit ProductLookup(Database& database);

  // The product that is called SOURCE:SKU; without one, those of this SKU, also when they are removed: a name must not
  // pass from one to another; without one, those with this seller code that are not removed, or all that are. One
  // answer: that is it. Several: the name names no product by itself. In the order of SKUs and sources.
  [[nodiscard]] std::vector<FoundProduct> find(std::string_view name);

  // Likewise by SOURCE:SKU or SKU alone.
  [[nodiscard]] std::vector<FoundProduct> find_by_sku(std::string_view name);

 private:
  Statement by_key_;
  Statement by_sku_;
  Statement by_seller_code_;
};

}  // namespace pipeline::store
