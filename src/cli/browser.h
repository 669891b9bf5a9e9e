#pragma once

#include <filesystem>
#include <string>

namespace pipeline::cli {

// Hands a page to the desktop's browser, which goes on by itself. Empty when that was begun; else why it was not, as a
// predicate. Never throws for want of a desktop.
[[nodiscard]] std::string open_in_browser(const std::filesystem::path& page);

}  // namespace pipeline::cli
