#pragma once

#include <string>
#include <string_view>

namespace pipeline::package {

// Of bytes that are no UTF-8: what they seem to be, and how to save them: `; it seems to be CP949: …`.
[[nodiscard]] std::string encoding_advice(std::string_view bytes);

}  // namespace pipeline::package
