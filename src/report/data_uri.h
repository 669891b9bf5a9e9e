#pragma once

#include <string>
#include <string_view>

namespace pipeline::report::page {

// A picture that stands in the page itself (RFC 2397).
[[nodiscard]] std::string jpeg_uri(std::string_view jpeg);

}  // namespace pipeline::report::page
