#pragma once

#include "pipeline/store/database.h"

#include "command.h"
#include "finding.h"

#include <filesystem>

namespace pipeline::cli {

// The part of `check` that looks at where a night writes: --metrics-dir and its history, --prometheus, --out.
[[nodiscard]] Findings check_where_it_writes(const CommonOptions& common, const store::Database& database,
                                             const std::filesystem::path& out, bool builds_posts);

// The page that a night makes.
[[nodiscard]] Findings check_page(const std::filesystem::path& page);

}  // namespace pipeline::cli
