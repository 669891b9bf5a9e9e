#pragma once

#include "pipeline/catalogue/product.h"

#include <simdjson.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::catalogue {

// Path -> canonical scalar, for all that stands below a JSON value but nulls, which are as good as absent. Array
// entries with an id are named by it, so that an entry put in front does not make all later ones differ.
using Leaves = std::map<std::string, std::string>;

void collect_leaves(simdjson::dom::element value, const std::string& path, Leaves& leaves);

// A change for each leaf that differs, in the order of their paths: those gone or changed first, then those that came.
[[nodiscard]] std::vector<Change> diff_leaves(Leaves before, Leaves after, Reason (*reason_of)(std::string_view path));

}  // namespace pipeline::catalogue
