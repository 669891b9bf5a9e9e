#pragma once

#include <string>
#include <utility>
#include <vector>

namespace pipeline::cli {

// The libraries the program works with, each with its version.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> libraries();

// The same as `curl 7.88.1, sqlite 3.40.1, …`.
[[nodiscard]] std::string library_versions();

}  // namespace pipeline::cli
