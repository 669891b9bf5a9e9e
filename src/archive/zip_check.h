#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace pipeline::archive {

// What libzip finds wrong with the records of a zip file that is to have so many entries. Empty: nothing. The contents
// of the entries are not read.
[[nodiscard]] std::string check_zip(const std::filesystem::path& path, std::uint64_t entries);

}  // namespace pipeline::archive
