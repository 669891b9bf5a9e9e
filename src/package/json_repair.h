#pragma once

#include "text_rules.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// JSON as people type it.
namespace pipeline::package {

struct WithoutCommas {
  std::string text;               // of the same length: a space for each
  std::vector<Position> removed;  // where the first of them stood
};

// Without the commas too many: before a bracket that closes or behind one that opens, behind another, at the end.
[[nodiscard]] WithoutCommas without_extra_commas(std::string_view json);

// What to do about an error that a parser met at this byte: ` : type …`. Empty: nothing is known.
[[nodiscard]] std::string cure_of(std::string_view json, std::size_t byte, std::string_view reason);

}  // namespace pipeline::package
