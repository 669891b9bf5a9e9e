#pragma once

#include "pipeline/report/compare.h"

#include "words.h"

#include <string>
#include <string_view>

// How the parts of a comparison are said, in the table and elsewhere.
namespace pipeline::report {

// One column wide: ✗ ? ~ ↓ ✓ ·
[[nodiscard]] std::string_view sign_of(Mark mark) noexcept;
[[nodiscard]] std::string name_of(const Stage& stage);

}  // namespace pipeline::report
