#pragma once

#include <string>

namespace pipeline::cli {

// The libraries the program works with, and their versions, as `curl 7.88.1, sqlite 3.40.1, …`.
[[nodiscard]] std::string library_versions();

}  // namespace pipeline::cli
