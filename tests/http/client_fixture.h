#pragma once

#include "pipeline/http/client.h"

#include "support/fake_clock.h"
#include "support/virtual_transport.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace pipeline::test {

// A client in virtual time against a server that is a function. Status codes mean what their numbers suggest; 399 says
// stop, 598 is trouble that is waited for two minutes. Results are kept by sku.
class ClientTest : public testing::Test {
 protected:
  using Verdict = http::Verdict;
  using Result = http::Result;

  static http::Response answer(int status, std::string body = {}) {
    http::Response response;
    response.status = status;
    response.body = std::move(body);
    return response;
  }
  static http::Response fault(std::string what) {
    http::Response response;
    response.fault = std::move(what);
    return response;
  }

  static std::optional<Nanoseconds> retry_after(const http::Response& response) {
    const auto after = response.headers.find("Retry-After");
    if (!after) return std::nullopt;
    return std::chrono::seconds(std::stoi(std::string(*after)));
  }

  static Verdict classify(const http::Response& response) {
    if (!response.fault.empty()) return {.kind = Verdict::Kind::retry, .reason = response.fault, .location = {}};
    const std::string reason = "HTTP " + std::to_string(response.status);
    switch (response.status) {
      case 200:
        return {};
      case 308:
        return {.kind = Verdict::Kind::redirect, .reason = reason, .location = response.body};
      case 399:
        return {.kind = Verdict::Kind::stop, .reason = reason, .location = {}};
      case 403:
        return {.kind = Verdict::Kind::refused, .reason = reason, .location = {}, .lasting = "no permission"};
      case 429:
        return {
            .kind = Verdict::Kind::throttled, .reason = reason, .location = {}, .retry_after = retry_after(response)};
      case 598:
        return {.kind = Verdict::Kind::retry,
                .reason = reason,
                .location = {},
                .patience = std::chrono::minutes(2),
                .lasting = "add the address"};
      case 500:
      case 503:
        return {.kind = Verdict::Kind::retry, .reason = reason, .location = {}, .retry_after = retry_after(response)};
      default:
        return {.kind = Verdict::Kind::fail, .reason = reason, .location = {}};
    }
  }

  static http::RateSignal no_signal(const http::Response&) { return {}; }
  // A bucket nobody can drain: the pacer stands aside.
  static http::RateSignal wide_signal(const http::Response&) { return {1e6, 2e6, 1e6}; }

  // Answers take 60 ms. `server` gets the URL.
  void serve(std::function<http::Response(const std::string& url)> server) { server_ = std::move(server); }

  http::Client& client() {
    if (!client_) client_ = std::make_unique<http::Client>(transport_, clock_, metrics_, options_);
    return *client_;
  }
  http::Endpoint& endpoint(const std::string& name = "detail",
                           std::function<http::RateSignal(const http::Response&)> signal = wide_signal) {
    auto& made = endpoints_[name];
    if (made == nullptr) {
      made = &client().add_endpoint({.name = name,
                                     .timer = name + "_fetch_seconds",
                                     .classify = classify,
                                     .rate_signal = std::move(signal),
                                     .pacer = pacer_,
                                     .known_good = known_good_});
    }
    return *made;
  }

  // From now on endpoints that are made know the URL `good` to be answered well.
  void know_a_good_one() {
    known_good_ = [] {
      http::Request request;
      request.url = "good";
      return std::optional(request);
    };
  }

  http::Call call(const std::string& sku) {
    return {.make =
                [this, sku](const http::Attempt& attempt) {
                  attempts_.push_back(sku + "#" + std::to_string(attempt.number) + attempt.location);
                  sent_at_.push_back(elapsed());
                  http::Request request;
                  request.url = sku;
                  return request;
                },
            .done = [this, sku](Result result) { keep(sku, std::move(result)); },
            .sku = sku};
  }
  void keep(const std::string& sku, Result result) {
    order_.push_back(sku);
    ASSERT_TRUE(results_.emplace(sku, std::move(result)).second) << sku << " ended twice";
  }

  void run() {
    while (!client().idle()) client().step(SteadyTime::max());
  }
  [[nodiscard]] double elapsed() const { return to_seconds(clock_.now() - began_); }

  [[nodiscard]] double counter(const std::string& metric, const std::string& labels) const {
    for (const metrics::Row& row : metrics_.rows()) {
      if (row.metric == metric && metrics::to_text(row.labels) == labels) return row.sum;
    }
    return -1;
  }

  FakeClock clock_;
  const SteadyTime began_ = clock_.now();
  http::ClientOptions options_;
  http::Pacer::Options pacer_;
  std::function<std::optional<http::Request>()> known_good_;
  metrics::Metrics metrics_{clock_};
  Nanoseconds latency_ = std::chrono::milliseconds(60);
  std::function<http::Response(const std::string&)> server_ = [](const std::string&) { return answer(200); };
  VirtualTransport transport_{clock_, [this](const http::Request& request) {
                                return VirtualReply{server_(request.url), latency_};
                              }};
  std::unique_ptr<http::Client> client_;
  std::map<std::string, http::Endpoint*> endpoints_;

  std::map<std::string, Result> results_;
  std::vector<std::string> order_;     // of ends
  std::vector<std::string> attempts_;  // sku#number, as they were sent
  std::vector<double> sent_at_;
};

}  // namespace pipeline::test
