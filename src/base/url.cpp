#include "pipeline/base/url.h"

#include <curl/curl.h>

#include <array>
#include <charconv>
#include <memory>

namespace pipeline {
namespace {

struct UrlCleanup {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};
using UrlHandle = std::unique_ptr<CURLU, UrlCleanup>;

struct CurlFree {
  void operator()(char* text) const noexcept { curl_free(text); }
};

std::optional<std::string> part(const UrlHandle& url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, flags) != CURLUE_OK) return std::nullopt;
  const std::unique_ptr<char, CurlFree> owned(text);
  return std::string(text);
}

bool is_http(const UrlHandle& url) {
  const auto scheme = part(url, CURLUPART_SCHEME);
  return scheme && (*scheme == "http" || *scheme == "https");
}

}  // namespace

std::optional<Url> parse_url(std::string_view text) {
  const UrlHandle url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, std::string(text).c_str(), 0) != CURLUE_OK || !is_http(url))
    return std::nullopt;
  const auto host = part(url, CURLUPART_HOST);
  const auto port = part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  if (!host || !port) return std::nullopt;
  Url parsed{*part(url, CURLUPART_SCHEME), *host, 0};
  std::from_chars(port->data(), port->data() + port->size(), parsed.port);
  for (char& c : parsed.host)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  if (parsed.host.starts_with('[') && parsed.host.ends_with(']'))
    parsed.host = parsed.host.substr(1, parsed.host.size() - 2);
  return parsed;
}

std::optional<std::string> resolve_url(std::string_view base, std::string_view reference) {
  const UrlHandle url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, std::string(base).c_str(), 0) != CURLUE_OK ||
      curl_url_set(url.get(), CURLUPART_URL, std::string(reference).c_str(), 0) != CURLUE_OK || !is_http(url))
    return std::nullopt;
  return part(url, CURLUPART_URL);
}

bool is_loopback(const Url& url) {
  if (url.host == "localhost" || url.host == "::1") return true;
  // 127.0.0.0/8 as four numbers: a name such as 127.example would pass a look at the prefix alone.
  const char* at = url.host.data();
  const char* end = at + url.host.size();
  std::array<int, 4> octets{};
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const auto [next, error] = std::from_chars(at, end, octets.at(i));
    if (error != std::errc() || octets.at(i) < 0 || octets.at(i) > 255) return false;
    at = next;
    if (i + 1 < octets.size() && (at == end || *at++ != '.')) return false;
  }
  return at == end && octets.front() == 127;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kUnreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (kUnreserved.find(c) != std::string_view::npos) {
      out.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.push_back('%');
      out.push_back(kDigits[byte >> 4U]);
      out.push_back(kDigits[byte & 15U]);
    }
  }
  return out;
}

}  // namespace pipeline
