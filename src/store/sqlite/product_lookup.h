#pragma once

#include "pipeline/store/catalogue.h"

#include "connection.h"
#include "statement.h"

#include <string_view>
#include <vector>

namespace pipeline::store::sqlite {

// Finds the product that somebody means, as Catalogue says.
class ProductLookup {
 public:
  explicit ProductLookup(Connection& connection);

  [[nodiscard]] std::vector<FoundProduct> find(std::string_view name);
  [[nodiscard]] std::vector<FoundProduct> find_by_sku(std::string_view name);

 private:
  Statement by_key_;
  Statement by_sku_;
  Statement by_seller_code_;
};

}  // namespace pipeline::store::sqlite
