#pragma once

#include <nlohmann/json.hpp>

namespace pipeline::package {

using Json =
    nlohmann::ordered_json;  // fields in the order they are given: the author's, and so equal bytes for equal input

}  // namespace pipeline::package
