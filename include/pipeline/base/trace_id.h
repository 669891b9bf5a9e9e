#pragma once

#include <string>
#include <string_view>

namespace pipeline {

// W3C trace context: 32 lower-case hex digits, not all zero.
[[nodiscard]] bool is_trace_id(std::string_view text) noexcept;
[[nodiscard]] std::string make_trace_id();

}  // namespace pipeline
