#pragma once

#include <filesystem>
#include <string>

namespace pipeline::media {

// Why the file can't be a video at all, whoever tries to open it: missing, no file, empty, no permission. Nothing: it
// may be one. Opens nothing that could block, such as a named pipe.
[[nodiscard]] std::string reading_fault(const std::filesystem::path& file);

// Why libav could not open a file that can be read, by what it begins with.
[[nodiscard]] std::string opening_fault(const std::filesystem::path& file);

}  // namespace pipeline::media
