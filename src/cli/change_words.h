#pragma once

#include "pipeline/catalogue/changes.h"

#include "language.h"

#include <string>

namespace pipeline::cli {

// A change as people read it: `판매가 12,900원 → 55,500원`, `price 12,900 won → 55,500 won`.
[[nodiscard]] std::string change_words(const catalogue::Change& change, const Language& language);

}  // namespace pipeline::cli
