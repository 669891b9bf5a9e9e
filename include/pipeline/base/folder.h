#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace pipeline {

// The folder that the path is in: `.` for a bare name.
[[nodiscard]] std::filesystem::path folder_of(const std::filesystem::path& path);

// The path as it leads to the same place from any other folder: absolute, without `.`, `..` and a slash at its end.
[[nodiscard]] std::filesystem::path from_anywhere(const std::filesystem::path& path);
// Such a path for who stands in the current folder: what is in it by the rest alone.
[[nodiscard]] std::string shown_from_here(const std::filesystem::path& path);

// Makes the folder, and those above it, where it is missing, and returns it. Throws Error: `cannot make WHAT PATH: why`
// and the advice.
const std::filesystem::path& make_folder(const std::filesystem::path& folder, std::string_view what = "the folder",
                                         std::string_view advice = "");

}  // namespace pipeline
