#pragma once

#include "pipeline/store/database.h"

#include "command.h"

#include <filesystem>
#include <string_view>

// Where a command is going to write, looked at before it begins: a night must not end with a report that has no place.
// All throw UsageError that names the option, what is wrong, and what to do.
namespace pipeline::cli {

// A file: its folder has to be there and to be writable.
void check_file_place(std::string_view option, const std::filesystem::path& file);

// A folder, which is made when it is missing.
void check_folder_place(std::string_view option, const std::filesystem::path& folder);

// A file that is written must not be one that the command needs: `what` says what that is.
void check_apart(std::string_view option, const std::filesystem::path& file, const std::filesystem::path& needed,
                 std::string_view what);
// Nor the database.
void check_apart(std::string_view option, const std::filesystem::path& file, const store::Database& database);

// A database that is not there is not made: of commands that need what is in it. `need` begins what to do.
void check_database(const store::Database& database, std::string_view need = "");

// --db, --metrics-dir and --prometheus.
void check_places(const CommonOptions& common, const store::Database& database);

}  // namespace pipeline::cli
