#include "megabytes.h"

#include <fmt/format.h>

namespace pipeline::cli {

std::string megabytes(std::uint64_t bytes) {
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

}  // namespace pipeline::cli
