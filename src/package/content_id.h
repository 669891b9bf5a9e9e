#pragma once

#include <string>
#include <string_view>

namespace pipeline::package {

// 1 to 64 of A-Z a-z 0-9 - _ . and neither - nor . first: it names the packages.
[[nodiscard]] bool is_content_id(std::string_view text) noexcept;

// One made of a folder's name: the name itself where it is one; else what of it can stand there, with a few digits of
// its digest behind, since two names may be the same without the rest.
[[nodiscard]] std::string content_id_of_folder(std::string_view name);

}  // namespace pipeline::package
