#pragma once

#include <string_view>

namespace pipeline::package {

// Whether `a` comes before `b` where people sort files: 2.jpg before 10.jpg, B.jpg between a.jpg and c.jpg. A total
// order: names that differ only in case or in leading zeros stand by their bytes.
[[nodiscard]] bool natural_less(std::string_view a, std::string_view b) noexcept;

}  // namespace pipeline::package
