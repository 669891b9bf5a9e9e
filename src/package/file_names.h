#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// How people write the name of a file, and how it stands on the disk.
namespace pipeline::package {

// `images%2F%EC%95%9E.jpg` as it was meant.
[[nodiscard]] std::string percent_decoded(std::string_view name);

// A name as it is shown in a message: decoded, if that is text.
[[nodiscard]] std::string shown_name(std::string_view name);

// Which of the names on the disk is meant: the one that is the same when both are composed (macOS decomposes them);
// without one, the only one that differs from it in upper and lower case alone.
[[nodiscard]] std::optional<std::string> name_meant(std::string_view written, const std::vector<std::string>& on_disk);

}  // namespace pipeline::package
