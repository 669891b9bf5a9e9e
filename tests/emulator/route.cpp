#include "emulator/route.h"

#include <algorithm>
#include <charconv>

namespace pipeline::emulator {

namespace {

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string_view plain_path(std::string_view path) noexcept {
  constexpr std::string_view kBase = "/external";
  path = path.substr(0, path.find('?'));
  if (path.starts_with(kBase) && path.substr(kBase.size()).starts_with('/')) path.remove_prefix(kBase.size());
  return path;
}

Route find_route(std::string_view method, std::string_view path) noexcept {
  constexpr std::string_view kChannel = "/v2/products/channel-products/";
  constexpr std::string_view kOrigin = "/v2/products/origin-products/";
  Route route;
  route.has_query = path.find('?') != std::string_view::npos;
  path = plain_path(path);
  if (method == "POST" && path == "/v1/oauth2/token") route.endpoint = Endpoint::token;
  if (method == "POST" && path == "/v1/products/search") route.endpoint = Endpoint::list;
  if (method != "GET") return route;
  const auto detail = [&](std::string_view prefix, Endpoint endpoint) {
    if (!path.starts_with(prefix)) return;
    const std::string_view digits = path.substr(prefix.size());
    if (digits.empty() || !std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) return;
    route.endpoint = endpoint;
    std::int64_t number = 0;
    if (std::from_chars(digits.data(), digits.data() + digits.size(), number).ec == std::errc{}) {
      route.product_no = number;
    }
  };
  detail(kChannel, Endpoint::channel_detail);
  detail(kOrigin, Endpoint::origin_detail);
  return route;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view find_header(const HeaderList& headers, std::string_view name) noexcept {
  for (const auto& [key, value] : headers) {
    if (equal_ignoring_case(key, name)) return value;
  }
  return {};
}

}  // namespace pipeline::emulator
