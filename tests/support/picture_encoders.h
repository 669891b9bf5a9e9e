#pragma once

#include "support/pictures.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace pipeline::test {

// Fills row y; called once a row, from the top.
using DrawRow = std::function<void(int y, std::span<std::uint8_t> rgb)>;

// Writes the file with its metadata, the pixels as they come. The libraries' own handlers end the program on an error.
[[nodiscard]] std::string encode_rows(int width, int height, const Encoding& encoding, const DrawRow& draw_row);

}  // namespace pipeline::test
