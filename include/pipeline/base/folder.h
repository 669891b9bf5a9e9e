#pragma once

#include <filesystem>
#include <string_view>

namespace pipeline {

// The folder that the path is in: `.` for a bare name.
[[nodiscard]] std::filesystem::path folder_of(const std::filesystem::path& path);

// Makes the folder, and those above it, where it is missing, and returns it. Throws Error: `cannot make WHAT PATH: why`
// and the advice.
const std::filesystem::path& make_folder(const std::filesystem::path& folder, std::string_view what = "the folder",
                                         std::string_view advice = "");

}  // namespace pipeline
