#pragma once

#include <string>
#include <string_view>

namespace pipeline::emulator {

// At the fastest level, as gateways do. Throws std::runtime_error when zlib has no memory.
[[nodiscard]] std::string gzip(std::string_view bytes);

}  // namespace pipeline::emulator
