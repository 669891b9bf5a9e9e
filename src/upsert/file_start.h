#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pipeline::upsert {

// Looks at a file's first bytes: gives the length of UTF-8's byte order marks, or 0. Throws Error naming the file for
// what is not text in UTF-8 or a Korean encoding (UTF-16, a workbook, a compressed file, other binary data).
std::size_t check_file_start(const std::string& file, std::string_view bytes);

}  // namespace pipeline::upsert
