#pragma once

#include "pipeline/store/catalogue.h"

#include "connection.h"

#include <string_view>
#include <vector>

// Finds the product that somebody means, as Catalogue says: in one round trip.
namespace pipeline::store::postgres {

[[nodiscard]] std::vector<FoundProduct> find_product(Connection& connection, std::string_view name);
[[nodiscard]] std::vector<FoundProduct> find_product_by_sku(Connection& connection, std::string_view name);

}  // namespace pipeline::store::postgres
