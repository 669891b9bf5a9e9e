#pragma once

#include "pipeline/store/database.h"
#include "pipeline/store/run_list.h"

#include <filesystem>
#include <memory>
#include <string_view>

namespace pipeline::store::sqlite {

// A database in a file of SQLite's. Opens nothing.
[[nodiscard]] std::unique_ptr<Database> file_database(std::filesystem::path path);

// The list of a run in a file without a name, which goes with it: for engines that keep none of their own.
[[nodiscard]] std::unique_ptr<RunList> run_list();

[[nodiscard]] std::string_view library_version() noexcept;

// That this program brings a database to.
[[nodiscard]] int schema_version() noexcept;

}  // namespace pipeline::store::sqlite
