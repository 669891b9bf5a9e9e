#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pipeline {

struct Url {
  std::string scheme;  // lower case
  std::string host;    // lower case, IPv6 without brackets
  int port = 0;        // the scheme's own when none is named
};

// Absent when it is no absolute http or https URL.
[[nodiscard]] std::optional<Url> parse_url(std::string_view text);
// The target of a redirect, which may be relative (RFC 3986, section 5). Absent when the result is no http(s) URL.
[[nodiscard]] std::optional<std::string> resolve_url(std::string_view base, std::string_view reference);
// 127.0.0.0/8, ::1 or localhost.
[[nodiscard]] bool is_loopback(const Url& url);
// As a path segment or form value: everything but unreserved characters percent-encoded (RFC 3986, section 2.3).
[[nodiscard]] std::string percent_encode(std::string_view text);

}  // namespace pipeline
