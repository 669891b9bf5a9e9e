#include "link.h"

#include "pipeline/base/ascii.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pipeline::package {
namespace {

constexpr std::array<std::string_view, 4> kGoodSchemes = {"http", "https", "mailto", "tel"};
constexpr std::array<std::string_view, 3> kScriptSchemes = {"javascript", "vbscript", "data"};
constexpr std::string_view kNotInAddresses = " \"<>\\^`{|}";  // URL Standard, 4.3: no URL code points

bool is_control_or_space(char c) noexcept {
  return static_cast<unsigned char>(c) <= ' ' || c == '\x7F';
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && is_control_or_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_control_or_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string scheme_of(std::string_view address) {
  const auto end = address.find(':');
  if (end == std::string_view::npos || end == 0 || !is_letter(address.front())) return {};
  std::string scheme;
  for (const char c : address.substr(0, end)) {
    if (!is_letter(c) && !is_digit(c) && c != '+' && c != '-' && c != '.') return {};
    scheme += to_lower(c);
  }
  return scheme;
}

void append_encoded(char c, std::string& out) {
  if (c == '\t' || c == '\n' || c == '\r') return;
  if (is_control_or_space(c) || kNotInAddresses.find(c) != std::string_view::npos) {
    out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  } else {
    out += c;
  }
}

Link::Kind kind_of(std::string_view address, std::string_view scheme) noexcept {
  if (std::ranges::find(kGoodSchemes, scheme) != kGoodSchemes.end()) return Link::Kind::good;
  if (std::ranges::find(kScriptSchemes, scheme) != kScriptSchemes.end()) return Link::Kind::script;
  return address.starts_with('#') ? Link::Kind::fragment : Link::Kind::unusable;
}

}  // namespace

Link read_link(std::string_view address) {
  Link link;
  for (const char c : trimmed(address)) append_encoded(c, link.address);
  link.scheme = scheme_of(link.address);
  link.kind = kind_of(link.address, link.scheme);
  return link;
}

}  // namespace pipeline::package
