#include "pipeline/naver/answers.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/text.h"
#include "pipeline/base/url.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace pipeline::naver {
namespace {

using http::Response;
using http::Verdict;
using nlohmann::json;
using shop::Ending;

constexpr auto kAddressPatience = std::chrono::minutes(2);
// A server that answers at once, but not in the API's form, is hardly one that is about to recover.
constexpr auto kContractPatience = std::chrono::seconds(15);

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<double> number_header(const Response& response, std::string_view name) {
  const auto text = response.headers.find(name);
  double value = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), value).ec != std::errc()) return std::nullopt;
  return value;
}

// Retry-After in either form (RFC 9110, 10.2.3): seconds, or a date that is measured against the answer's own Date.
std::optional<Nanoseconds> retry_after(const Response& response, WallTime now) {
  const auto text = response.headers.find("Retry-After");
  if (!text || text->empty()) return std::nullopt;
  if (text->find_first_not_of("0123456789") == std::string_view::npos) {
    constexpr std::int64_t kLongest = std::int64_t{10} * 366 * 86'400;  // keeps times in their range
    std::int64_t wait = kLongest;
    std::from_chars(text->data(), text->data() + text->size(), wait);
    return std::chrono::seconds(std::min(wait, kLongest));
  }
  const auto until = parse_http_date(*text);
  if (const auto date = response.headers.find("Date")) now = parse_http_date(*date).value_or(now);
  if (!until || *until < now) return std::nullopt;
  return *until - now;
}

bool quota_clears_in_a_second(const Response& response) {
  const auto period = response.headers.find("GNCP-GW-Quota-Period");
  return period && equal_ignoring_case(*period, "SECONDS");
}

std::string quota_text(const Response& response) {
  const auto period = response.headers.find("GNCP-GW-Quota-Period");
  const auto limit = response.headers.find("GNCP-GW-Quota-Limit");
  return fmt::format(
      "the application's quota is used up (limit {}, period {}): it does not clear within a run, so try again "
      "later; what had arrived is saved",
      limit.value_or("not named"), period.value_or("not named"));
}

// "HTTP 400 BAD_REQUEST: message (size: must be at most 500)".
std::string describe(const Response& response, const ErrorBody& error) {
  std::string text = fmt::format("HTTP {}", response.status);
  if (!error.code.empty()) text += " " + error.code;
  if (!error.message.empty()) text += ": " + error.message;
  for (const auto& input : error.invalid_inputs) text += fmt::format(" ({}: {})", input.name, input.message);
  return text;
}

Verdict verdict(Verdict::Kind kind, std::string reason) {
  return Verdict{kind, std::move(reason), {}, {}};
}

Judgement fault(const Response& response, const Asked& asked) {
  if (!response.untrusted || asked.was_answered)
    return {verdict(Verdict::Kind::retry, response.fault + (asked.was_answered ? "" : " (is --base-url right?)")),
            Ending::later};
  return {
      verdict(Verdict::Kind::stop,
              fmt::format("the certificate at {} is not trusted: {}. Check --base-url; where a proxy or a test "
                          "server has a certificate authority of its own, name its PEM file in CURL_CA_BUNDLE, which "
                          "goes before SSL_CERT_FILE",
                          asked.url, response.fault)),
      Ending::setup};
}

// Of one product it is that product's failure, as long as others are given.
Judgement not_followed(std::string reason, const Asked& asked) {
  return {verdict(asked.for_one_product ? Verdict::Kind::refused : Verdict::Kind::stop, std::move(reason))};
}

Judgement redirect(const Response& response, const Asked& asked) {
  const auto location = response.headers.find("Location");
  const auto target = location ? resolve_url(asked.url, *location) : std::nullopt;
  const auto from = parse_url(asked.url);
  const auto to = target ? parse_url(*target) : std::nullopt;
  if (!from || !to) return not_followed(fmt::format("HTTP {} without a usable Location", response.status), asked);
  const bool same_host = from->host == to->host;
  const bool safe = to->scheme == "https" || (to->scheme == from->scheme && from->port == to->port && is_loopback(*to));
  if (!same_host || !safe)
    return not_followed(
        fmt::format("HTTP {} points to {}, which is not the same host over TLS: not followed, the token stays "
                    "here. Check --base-url against the API's documentation",
                    response.status, *target),
        asked);
  return {Verdict{Verdict::Kind::redirect, fmt::format("HTTP {}", response.status), *target, {}}};
}

// The first sign of a body that is no white space or byte order mark.
char first_sign(std::string_view body) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (body.starts_with(kByteOrderMark)) body.remove_prefix(kByteOrderMark.size());
  const auto first = body.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? '\0' : body[first];
}

// Of a page for people, which gateways and proxies send with 200 as well: it says what the matter is. Empty: none, or
// one that is not in UTF-8.
std::string title_of(std::string_view page) {
  constexpr std::size_t kColumns = 80;
  constexpr std::string_view kOpening = "<title>";
  const auto from = page.find(kOpening);
  const auto to = from == std::string_view::npos ? from : page.find('<', from + kOpening.size());
  if (to == std::string_view::npos) return "";
  const auto title = trim(page.substr(from + kOpening.size(), to - from - kOpening.size()));
  return is_utf8(title) && title.find_first_of("\r\n\t") == title.npos ? shorten(title, kColumns) : "";
}

// Nothing that the API says: maintenance, or something between it and us. It passes like an outage.
Judgement web_page(const Response& response) {
  const std::string title = title_of(response.body);
  return {
      verdict(Verdict::Kind::retry,
              title.empty()
                  ? fmt::format("HTTP {} with a web page instead of an answer of the API", response.status)
                  : fmt::format("HTTP {} with a web page instead of an answer of the API: {}", response.status, title)),
      Ending::later};
}

Judgement too_many_requests(const Response& response, const ErrorBody& error, WallTime now) {
  if (error.code == "GW.QUOTA_LIMIT" && !quota_clears_in_a_second(response))
    return {verdict(Verdict::Kind::stop, quota_text(response)), Ending::later};
  auto wait = retry_after(response, now);
  if (!wait && error.code == "GW.QUOTA_LIMIT") wait = std::chrono::seconds(1);
  return {Verdict{Verdict::Kind::throttled, describe(response, error), {}, wait}, Ending::later};
}

// A registered address gets this now and then, so one that was answered before waits for it to pass.
Judgement address_refused(const Response& response, const ErrorBody& error, bool was_answered) {
  std::string lasting = fmt::format(
      "{}: calls come only from the IP addresses registered for the application: add this machine's address in the "
      "Commerce API centre",
      describe(response, error));
  if (!was_answered) return {verdict(Verdict::Kind::stop, std::move(lasting)), Ending::setup};
  Verdict passing = verdict(Verdict::Kind::retry, describe(response, error));
  passing.patience = kAddressPatience;
  passing.lasting = std::move(lasting);
  return {std::move(passing), Ending::setup};
}

// Of one product a refusal says nothing of the application, as long as others are given.
Judgement forbidden(const Response& response, const ErrorBody& error, const Asked& asked) {
  if (error.code == "GW.IP_NOT_ALLOWED") return address_refused(response, error, asked.was_answered);
  const std::string what = describe(response, error);
  std::string lasting = fmt::format(
      "{}: the application lacks the permission: check its API groups in the Commerce API centre, and that it was "
      "confirmed within the last 180 days",
      what);
  if (!asked.for_one_product) return {verdict(Verdict::Kind::stop, std::move(lasting)), Ending::setup};
  Verdict refused = verdict(Verdict::Kind::refused,
                            what +
                                ": this product is not given to the application: it was deleted, or it is not the "
                                "store's own (AFFILIATE)");
  refused.lasting = "no product's detail is given. " + lasting;
  return {std::move(refused), Ending::setup};
}

}  // namespace

ErrorBody parse_error_body(std::string_view body) {
  ErrorBody error;
  const auto parsed = json::parse(body, nullptr, false);
  if (!parsed.is_object()) return error;
  error.code = text_of(parsed, "code");
  error.message = text_of(parsed, "message");
  error.trace_id = text_of(parsed, "traceId");
  if (const auto inputs = parsed.find("invalidInputs"); inputs != parsed.end() && inputs->is_array())
    for (const auto& input : *inputs)
      if (input.is_object())
        error.invalid_inputs.push_back({text_of(input, "name"), text_of(input, "type"), text_of(input, "message")});
  return error;
}

std::string trace_of(const Response& response) {
  if (const auto trace = response.headers.find("GNCP-GW-Trace-ID")) return std::string(*trace);
  return response.status >= 400 ? parse_error_body(response.body).trace_id : std::string();
}

http::RateSignal rate_signal(const Response& response) {
  return {number_header(response, "GNCP-GW-RateLimit-Replenish-Rate"),
          number_header(response, "GNCP-GW-RateLimit-Burst-Capacity"),
          number_header(response, "GNCP-GW-RateLimit-Remaining")};
}

bool quota_used_up(const Response& response) {
  const auto remaining = number_header(response, "GNCP-GW-Quota-Remaining");
  return remaining && *remaining <= 0 && !quota_clears_in_a_second(response);
}

Judgement judge(const Response& response, const Asked& asked) {
  if (!response.fault.empty()) return fault(response, asked);
  if (response.status >= 200 && response.status < 300)
    return first_sign(response.body) == '<' ? web_page(response) : Judgement{};
  if (response.status >= 300 && response.status < 400) return redirect(response, asked);
  const ErrorBody error = parse_error_body(response.body);
  if (response.status == 429) return too_many_requests(response, error, asked.now);
  if (response.status == 403) return forbidden(response, error, asked);
  if (response.status == 404 && (error.code == "GW.NOT_FOUND" || !asked.for_one_product))
    return {verdict(Verdict::Kind::stop, fmt::format("{}: there is no such API at {}: check --base-url",
                                                     describe(response, error), asked.url)),
            Ending::setup};
  if (response.status >= 500)
    return {Verdict{Verdict::Kind::retry, describe(response, error), {}, retry_after(response, asked.now)},
            Ending::later};
  return {verdict(Verdict::Kind::fail, describe(response, error))};
}

Judgement broken_contract(const std::string& problem) {
  Verdict broken = verdict(Verdict::Kind::retry, "the answer breaks the API's contract: " + problem);
  broken.patience = kContractPatience;
  return {std::move(broken), Ending::failed};
}

}  // namespace pipeline::naver
