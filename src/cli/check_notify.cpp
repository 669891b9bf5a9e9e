#include "check_notify.h"

#include "pipeline/base/url.h"
#include "pipeline/http/curl_transport.h"

#include "notify_address.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace pipeline::cli {
namespace {

using State = Finding::State;

// `https://hooks.example.com:8443/`
std::string first_page_of(const std::string& target) {
  const auto end = target.find_first_of("/?#", target.find("://") + 3);
  return target.substr(0, end) + "/";
}

http::Response ask(const std::string& url, const Clock& clock, SteadyTime until) {
  http::CurlTransport transport(clock, {.max_connections = 1, .quick_exit = true});
  http::Request request;
  request.url = url;
  request.timeout = std::max<Nanoseconds>(until - clock.now(), std::chrono::milliseconds(1));
  transport.start(1, std::move(request));
  std::vector<http::Completion> ended;
  while (ended.empty() && clock.now() < until) transport.poll(until, ended);
  if (!ended.empty()) return std::move(ended.front().response);
  http::Response none;
  none.fault = "no answer came in time";
  return none;
}

Findings check_address(const NotifyAddress& address, const Clock& clock, SteadyTime until) {
  if (address.form == NotifyAddress::Form::program)
    return {{"notify", State::ok, address.shown(), "is a program that may be run; it was not"}};
  const http::Response answer = ask(first_page_of(address.target), clock, until);
  if (!answer.fault.empty())
    return {{"notify", State::warning, address.shown(), fmt::format("does not answer: {}", answer.fault),
             "nobody would hear of a night that fails: check the address and the network"}};
  return {{"notify", State::ok, address.shown(), "its server answers; nothing was sent"}};
}

}  // namespace

Findings check_notify(const CommonOptions& common, const Clock& clock, SteadyTime until) {
  Findings findings;
  for (const std::string& where : common.notify)
    append(findings, look_at("notify", "", [&] { return check_address(parse_notify_address(where), clock, until); }));
  return findings;
}

}  // namespace pipeline::cli
