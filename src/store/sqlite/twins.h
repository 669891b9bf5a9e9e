#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/store/inspection.h"

#include <filesystem>
#include <string_view>
#include <vector>

namespace pipeline::store::sqlite {

// The databases in the file's folder that hold the products of the same store as it does; not what is named after it,
// as a copy that a restore keeps. By name.
[[nodiscard]] std::vector<Twin> twins_of(const std::filesystem::path& path, std::string_view source,
                                         const Clock& clock);

}  // namespace pipeline::store::sqlite
