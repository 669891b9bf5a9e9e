#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/store/inspection.h"

#include <filesystem>
#include <memory>

namespace pipeline::store::sqlite {

// Of a database in a file. The clock is borrowed.
[[nodiscard]] std::unique_ptr<Inspection> inspect_file(const std::filesystem::path& path, const Clock& clock);

}  // namespace pipeline::store::sqlite
