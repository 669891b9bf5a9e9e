#pragma once

#include <string_view>

namespace pipeline::report::page {

// page.css and page.js, which stand beside this file and are built in.
extern const std::string_view kStyle;
extern const std::string_view kScript;

}  // namespace pipeline::report::page
