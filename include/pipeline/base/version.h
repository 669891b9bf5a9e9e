#pragma once

#include <string_view>

namespace pipeline {

// Of the program: 1.0.0, or 1.0.0-rc1 before that.
[[nodiscard]] std::string_view program_version() noexcept;

}  // namespace pipeline
