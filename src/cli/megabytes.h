#pragma once

#include <cstdint>
#include <string>

namespace pipeline::cli {

[[nodiscard]] std::string megabytes(std::uint64_t bytes);  // 12.3 MB

}  // namespace pipeline::cli
