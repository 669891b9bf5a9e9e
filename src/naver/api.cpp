#include "pipeline/naver/api.h"

#include "pipeline/base/log.h"
#include "pipeline/base/text.h"
#include "pipeline/http/url.h"
#include "pipeline/naver/answers.h"
#include "pipeline/naver/contract.h"
#include "pipeline/naver/product_detail.h"
#include "pipeline/naver/signature.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

namespace pipeline::naver {
namespace {

using http::Call;
using http::Response;
using http::Result;
using http::Verdict;
using std::chrono::milliseconds;
using std::chrono::seconds;

// A new token is given only in the last 30 minutes of the old one, and the old one stays valid to its end.
constexpr seconds kRenewBefore = std::chrono::minutes(25);
constexpr seconds kRenewAgain = std::chrono::minutes(1);
constexpr double kRenewShare = 0.1;  // of a life shorter than that
// Below this a difference of clocks is the time the answer was under way, and the Date header's whole seconds.
constexpr milliseconds kLeastSkew{1500};

constexpr std::string_view kUnauthorized =
    "the token was refused twice (HTTP 401 GW.AUTHN). One of three causes: the token has expired (is this machine's "
    "clock "
    "right?), the application lacks the API group (Commerce API centre), or a proxy has changed the Authorization "
    "header";

// A body that arrived whole and breaks the contract is told from an answer with an error status.
Answer::Kind kind_of(const Result& result) {
  const Response& response = result.response;
  if (result.kind == Result::Kind::skipped) return Answer::Kind::skipped;
  if (result.kind == Result::Kind::success) return Answer::Kind::ok;
  if (response.status == 404 && parse_error_body(response.body).code == "NOT_FOUND") return Answer::Kind::not_found;
  if (response.fault.empty() && response.status >= 200 && response.status < 300) return Answer::Kind::broken;
  return Answer::Kind::failed;
}

struct Token {
  std::string text;
  seconds life{};
};

Token parse_token(std::string_view body) {
  simdjson::dom::parser parser;
  const auto answer = parse_object(parser, body);
  return {std::string(required_string(answer, "access_token")), seconds(required_integer(answer, "expires_in"))};
}

std::string check_token(std::string_view body) {
  try {
    (void)parse_token(body);
    return {};
  } catch (const ContractError& e) {
    return e.what();
  }
}

std::string with_trace(std::string reason, const Response& response) {
  if (const auto trace = trace_of(response); !trace.empty()) reason += fmt::format(" [trace {}]", trace);
  return reason;
}

}  // namespace

void check_base_url(const std::string& base_url) {
  const auto url = http::parse_url(base_url);
  if (!url) throw UsageError(fmt::format("--base-url {}: not an http or https URL", base_url));
  if (url->scheme != "https" && !http::is_loopback(*url))
    throw UsageError(
        fmt::format("--base-url {}: secrets and tokens are sent over https only (plain http is allowed to a "
                    "loopback address, for tests)",
                    base_url));
}

struct Api::State {
  State(http::Client& client_in, const Clock& clock_in, metrics::Metrics& metrics, ApiOptions options_in)
      : client(client_in),
        clock(clock_in),
        options(std::move(options_in)),
        base_url(options.base_url.substr(0, options.base_url.find_last_not_of('/') + 1)),
        token_endpoint(add_endpoint("token", "token_fetch_seconds", "/v1/oauth2/token", check_token)),
        list_endpoint(add_endpoint("list", "list_fetch_seconds", "/v1/products/search", check_list_page)),
        detail_endpoint(add_endpoint("detail", "detail_fetch_seconds", "/v2/products/channel-products/", check_detail)),
        token_renewals(metrics.counter("token_renewals_total")) {
    check_base_url(options.base_url);
  }

  using Check = std::string (*)(std::string_view body);

  http::Endpoint& add_endpoint(std::string_view name, std::string_view timer, std::string_view path, Check check) {
    http::EndpointOptions endpoint;
    endpoint.name = name;
    endpoint.timer = timer;
    endpoint.rate_signal = rate_signal;
    endpoint.pacer.max_rate = options.max_rate;
    endpoint.classify = [this, url = base_url + std::string(path), check](const Response& response) {
      return classify(response, url, check);
    };
    return client.add_endpoint(std::move(endpoint));
  }

  Verdict classify(const Response& response, const std::string& url, Check check) {
    auto [verdict, code] = judge(response, url);
    // A body that breaks the contract is a fault like a 5xx: the next answer may be whole.
    if (verdict.kind == Verdict::Kind::success)
      if (auto problem = check(response.body); !problem.empty())
        verdict = Verdict{Verdict::Kind::retry, "the answer breaks the API's contract: " + std::move(problem), {}, {}};
    if (!verdict.reason.empty()) verdict.reason = with_trace(std::move(verdict.reason), response);
    if (verdict.kind == Verdict::Kind::stop && !stop_code) stop_code = code;
    return verdict;
  }

  void stop(std::string reason, ExitCode code) {
    if (!stop_code) stop_code = code;
    client.stop(std::move(reason));
    skip_parked();
  }

  void skip_parked() {
    for (const auto& call : std::exchange(parked, {})) {
      Result skipped;
      skipped.kind = Result::Kind::skipped;
      skipped.reason = client.stop_reason();
      finish(call, std::move(skipped));
    }
  }

  // --- the token ---

  void request_token() {
    renewing = true;
    Call call;
    call.make = [this](const http::Attempt& attempt) { return token_request(attempt); };
    call.done = [this](Result result) { token_answered(std::move(result)); };
    client.submit_first(token_endpoint, std::move(call));
  }

  http::Request token_request(const http::Attempt& attempt) const {
    const auto& who = options.credentials;
    const auto timestamp = (clock.wall() + skew).time_since_epoch().count();
    http::Request request;
    request.method = "POST";
    request.url = attempt.location.empty() ? base_url + "/v1/oauth2/token" : attempt.location;
    request.headers = {"Content-Type: application/x-www-form-urlencoded", "Accept: application/json"};
    // Exactly the documented form: parameters that stray from it are punished with one call an hour.
    request.body = fmt::format("client_id={}&timestamp={}&client_secret_sign={}&grant_type=client_credentials&type={}",
                               http::percent_encode(who.client_id), timestamp,
                               http::percent_encode(sign(who.client_id, who.client_secret, timestamp)),
                               who.account_id.empty() ? "SELF" : "SELLER");
    if (!who.account_id.empty()) request.body += "&account_id=" + http::percent_encode(who.account_id);
    request.timeout = options.timeout;
    return request;
  }

  void token_answered(Result result) {
    if (result.kind == Result::Kind::skipped) return skip_parked();
    if (result.kind == Result::Kind::failed) return token_refused(result);
    token = parse_token(result.response.body);
    expires = clock.now() + token.life;
    ++generation;
    renewing = false;
    client.resume(list_endpoint);
    client.resume(detail_endpoint);
    for (auto& call : std::exchange(parked, {})) resubmit(std::move(call));
    if (const auto callback = std::exchange(ready, nullptr)) callback();
  }

  void token_refused(const Result& result) {
    if (correct_skew(result.response)) return request_token();
    if (parked.empty() && !token.text.empty() && clock.now() < expires) {
      log::warn("the token was not renewed, and is used on to its end: {}", result.reason);
      renewing = false;
      renew_after = clock.now() + kRenewAgain;
      return;
    }
    const int status = result.response.status;
    const bool refused = status >= 400 && status < 500 && status != 429;
    stop(fmt::format("no token: {}{}", result.reason,
                     refused ? ". Check client id and secret (and the account id) in the Commerce API centre, and this "
                               "machine's clock"
                             : ""),
         refused ? ExitCode::usage : ExitCode::failed);
  }

  // A refusal's Date header tells how far the clocks are apart; true when that explains it and was not tried before.
  bool correct_skew(const Response& response) {
    if (skew_corrected || response.status < 400 || response.status >= 500) return false;
    const auto header = response.headers.find("Date");
    const auto date = header ? parse_http_date(*header) : std::nullopt;
    if (!date) return false;
    const auto apart = *date - clock.wall();
    if (std::chrono::abs(apart) < kLeastSkew) return false;
    skew_corrected = true;
    skew = apart;
    log::warn("the clock of this machine is {:.1f} s {} the server's: corrected for this run, set it right",
              std::abs(static_cast<double>(apart.count())) / 1000, apart.count() < 0 ? "ahead of" : "behind");
    return true;
  }

  void renew_if_due() {
    if (renewing || token.text.empty() || clock.now() < renew_after) return;
    const auto margin =
        std::min(Nanoseconds(kRenewBefore),
                 std::chrono::duration_cast<Nanoseconds>(std::chrono::duration<double>(token.life) * kRenewShare));
    if (clock.now() + margin < expires) return;
    token_renewals.add();
    request_token();
  }

  // --- calls that carry the token ---

  struct Authorized {
    http::Endpoint* endpoint;
    std::function<http::Request(const http::Attempt&)> make;
    Done done;
    std::string sku;
    int generation = 0;  // of the token it was last sent with
    bool repeated = false;
  };

  void submit(Authorized authorized) {
    auto [endpoint, call] = wrap(std::move(authorized));
    client.submit(*endpoint, std::move(call));
  }

  void resubmit(Authorized authorized) {
    auto [endpoint, call] = wrap(std::move(authorized));
    client.submit_first(*endpoint, std::move(call));
  }

  std::pair<http::Endpoint*, Call> wrap(Authorized authorized) {
    auto shared = std::make_shared<Authorized>(std::move(authorized));
    Call call;
    call.sku = shared->sku;
    call.make = [this, shared](const http::Attempt& attempt) {
      shared->generation = generation;
      http::Request request = shared->make(attempt);
      request.headers.push_back("Authorization: Bearer " + token.text);
      request.headers.emplace_back("Accept: application/json");
      request.timeout = options.timeout;
      return request;
    };
    call.done = [this, shared](Result result) { answered(std::move(*shared), std::move(result)); };
    return {shared->endpoint, std::move(call)};
  }

  void answered(Authorized call, Result result) {
    const bool was_answered = result.kind != Result::Kind::skipped;
    if (was_answered && result.response.status == 401) return unauthorized(std::move(call), std::move(result));
    const bool quota_gone = was_answered && quota_used_up(result.response);
    finish(call, std::move(result));
    if (quota_gone && !client.stopped())
      stop(
          "the application's quota is used up with this answer: it does not clear within a run, so try again later; "
          "what had "
          "arrived is saved",
          ExitCode::try_later);
    if (was_answered && !client.stopped()) renew_if_due();
  }

  static void finish(const Authorized& call, Result result) {
    Answer answer;
    answer.kind = kind_of(result);
    answer.trace = trace_of(result.response);
    answer.error = std::move(result.reason);
    answer.body = std::move(result.response.body);
    call.done(std::move(answer));
  }

  void unauthorized(Authorized call, Result result) {
    if (call.repeated) {
      stop(with_trace(std::string(kUnauthorized), result.response), ExitCode::usage);
      result.reason = client.stop_reason();
      return finish(call, std::move(result));
    }
    call.repeated = true;
    if (call.generation != generation)
      return resubmit(std::move(call));  // refused with a token that is replaced already
    parked.push_back(std::move(call));
    if (renewing) return;
    client.pause(list_endpoint);
    client.pause(detail_endpoint);
    token_renewals.add();
    request_token();
  }

  http::Client& client;
  const Clock& clock;
  const ApiOptions options;
  const std::string base_url;
  http::Endpoint& token_endpoint;
  http::Endpoint& list_endpoint;
  http::Endpoint& detail_endpoint;
  metrics::Counter token_renewals;

  Token token;
  int generation = 0;  // counts tokens
  SteadyTime expires;
  SteadyTime renew_after;  // a renewal that failed is not tried again before
  bool renewing = false;
  milliseconds skew{};
  bool skew_corrected = false;
  std::function<void()> ready;
  std::vector<Authorized> parked;     // refused with 401, waiting for the new token
  std::optional<ExitCode> stop_code;  // of the first that stopped the run
};

Api::Api(http::Client& client, const Clock& clock, metrics::Metrics& metrics, ApiOptions options)
    : state_(std::make_unique<State>(client, clock, metrics, std::move(options))) {}

Api::~Api() = default;

void Api::authenticate(std::function<void()> ready) {
  state_->ready = std::move(ready);
  state_->request_token();
}

void Api::fetch_list_page(const ListQuery& query, int page, Done done) {
  auto make = [state = state_.get(), body = list_request(query, page)](const http::Attempt& attempt) {
    http::Request request;
    request.method = "POST";
    request.url = attempt.location.empty() ? state->base_url + "/v1/products/search" : attempt.location;
    request.headers = {"Content-Type: application/json"};
    request.body = body;
    return request;
  };
  state_->submit({&state_->list_endpoint, std::move(make), std::move(done), {}});
}

void Api::fetch_detail(const std::string& channel_product_no, Done done) {
  auto make = [state = state_.get(), channel_product_no](const http::Attempt& attempt) {
    http::Request request;
    request.url = attempt.location.empty() ? state->base_url + "/v2/products/channel-products/" + channel_product_no
                                           : attempt.location;
    return request;
  };
  state_->submit({&state_->detail_endpoint, std::move(make), std::move(done), channel_product_no});
}

void Api::step(SteadyTime until) {
  state_->client.step(until);
}
bool Api::idle() const noexcept {
  return state_->client.idle() && state_->parked.empty();
}
void Api::stop(std::string reason, ExitCode code) {
  state_->stop(std::move(reason), code);
}
bool Api::stopped() const noexcept {
  return state_->client.stopped();
}
const std::string& Api::stop_reason() const noexcept {
  return state_->client.stop_reason();
}
ExitCode Api::stop_code() const noexcept {
  return state_->stop_code.value_or(ExitCode::failed);
}
double Api::detail_rate() const noexcept {
  return state_->client.rate(state_->detail_endpoint);
}

}  // namespace pipeline::naver
