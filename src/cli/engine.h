#pragma once

#include "pipeline/store/database.h"

#include <memory>
#include <string>

namespace pipeline::cli {

// The database that --db names, by the engine that its text asks for: the one place where they are known. Throws
// UsageError when there is none for it. Opens nothing.
[[nodiscard]] std::unique_ptr<store::Database> choose_database(const std::string& db);

// What --db says for a store of the config file: on a server each has a schema of its own, called like the store unless
// the address names one; a file is what it is.
[[nodiscard]] std::string database_of_store(const std::string& db, const std::string& store);

}  // namespace pipeline::cli
