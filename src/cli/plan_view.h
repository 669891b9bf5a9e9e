#pragma once

#include "pipeline/catalogue/product.h"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

// What a dry run would do to one product, as text and as JSON.
namespace pipeline::cli {

// `new     SKU            name`, and a line a change below.
[[nodiscard]] std::string plan_text(std::string_view action, std::string_view sku, std::string_view name,
                                    const std::vector<catalogue::Change>& changes);

// {action, sku, name, changes: [{reason, field, old, new}]}
[[nodiscard]] nlohmann::ordered_json plan_json(std::string_view action, std::string_view sku, std::string_view name,
                                               const std::vector<catalogue::Change>& changes);

}  // namespace pipeline::cli
