#pragma once

#include "pipeline/store/database.h"

#include <memory>
#include <string>

namespace pipeline::cli {

// The database that --db names, by the engine that its text asks for: the one place where they are known. Throws
// UsageError when there is none for it. Opens nothing.
[[nodiscard]] std::unique_ptr<store::Database> choose_database(const std::string& db);

}  // namespace pipeline::cli
