#pragma once

#include "json.h"

#include <cmath>
#include <string>

namespace pipeline::package {

[[nodiscard]] inline std::string document_of(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

// null where there is nothing.
[[nodiscard]] inline Json or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

// To the millisecond, or the thousandth: what follows is arithmetic, not measure.
[[nodiscard]] inline double rounded(double value) {
  return std::round(value * 1000) / 1000;
}

}  // namespace pipeline::package
