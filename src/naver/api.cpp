#include "pipeline/naver/api.h"

#include "pipeline/base/log.h"
#include "pipeline/base/url.h"
#include "pipeline/naver/answers.h"
#include "pipeline/naver/contract.h"
#include "pipeline/naver/list_row.h"
#include "pipeline/naver/product_detail.h"
#include "pipeline/naver/product_list.h"

#include "access_token.h"

#include <fmt/format.h>

#include <deque>
#include <memory>
#include <utility>
#include <vector>

namespace pipeline::naver {
namespace {

using http::Call;
using http::Response;
using http::Result;
using http::Verdict;
using shop::Answer;
using shop::Ending;
using shop::ListPage;

constexpr std::string_view kListPath = "/v1/products/search";
constexpr std::string_view kDetailPath = "/v2/products/channel-products/";

constexpr std::size_t kKnownDetails = 8;

constexpr shop::About kAbout{.source = kSource,
                             .credentials = "NAVER_COMMERCE_CLIENT_ID and NAVER_COMMERCE_ACCOUNT_ID",
                             .first_day = std::chrono::year(2000) / 1 / 1,  // before any SmartStore
                             .longest_list = 100'000};

constexpr std::string_view kUnauthorized =
    "the token was refused twice (HTTP 401 {}). One of four causes: the token has expired (is this machine's clock "
    "right?), the application lacks the API group or was not confirmed within the last 180 days (Commerce API centre), "
    "or a proxy has changed the Authorization header";

// A body of the API that arrived whole and breaks the contract is told from an answer with an error status.
Answer::Kind kind_of(const Result& result, bool is_list) {
  const Response& response = result.response;
  if (result.kind == Result::Kind::skipped) return Answer::Kind::skipped;
  if (result.kind == Result::Kind::success) return Answer::Kind::ok;
  if (response.status == 404 && parse_error_body(response.body).code == "NOT_FOUND") return Answer::Kind::not_found;
  if (response.content) return Answer::Kind::broken;
  return is_list && response.status == 400 ? Answer::Kind::refused : Answer::Kind::failed;
}

std::string with_trace(std::string reason, const Response& response) {
  if (const auto trace = trace_of(response); !trace.empty()) reason += fmt::format(" [trace {}]", trace);
  return reason;
}

}  // namespace

void check_base_url(const std::string& base_url) {
  const auto url = parse_url(base_url);
  if (!url) throw UsageError(fmt::format("--base-url {}: not an http or https URL", base_url));
  if (url->scheme != "https" && !is_loopback(*url))
    throw UsageError(
        fmt::format("--base-url {}: secrets and tokens are sent over https only (plain http is allowed to a "
                    "loopback address, for tests)",
                    base_url));
}

struct Api::State {
  State(http::Client& client_in, const Clock& clock_in, metrics::Metrics& metrics_in, ApiOptions options_in)
      : client(client_in),
        clock(clock_in),
        metrics(metrics_in),
        options(std::move(options_in)),
        base_url(options.base_url.substr(0, options.base_url.find_last_not_of('/') + 1)),
        token(client, add_endpoint("token", "token_fetch_seconds", kTokenPath, &State::read_token, {}), clock, options,
              base_url,
              {.is_waiting = [this] { return !parked.empty(); },
               .arrived = [this] { token_arrived(); },
               .will_not_come = [this](std::string reason, Ending why) { stop(std::move(reason), why); }}),
        list_endpoint(
            add_endpoint("list", "list_fetch_seconds", kListPath, &State::read_page, [this] { return known_page(); })),
        detail_endpoint(add_endpoint("detail", "detail_fetch_seconds", kDetailPath, &State::read_detail,
                                     [this] { return known_detail(); })),
        token_renewals(metrics.counter("token_renewals_total")),
        list_parse(metrics.timer("list_parse_seconds")) {
    check_base_url(options.base_url);
  }

  using Read = std::string (State::*)(Response& response);
  using KnownGood = std::function<std::optional<http::Request>()>;

  http::Endpoint& add_endpoint(std::string_view name, std::string_view timer, std::string_view path, Read read,
                               KnownGood known_good) {
    http::EndpointOptions endpoint;
    endpoint.name = name;
    endpoint.timer = timer;
    endpoint.rate_signal = rate_signal;
    endpoint.pacer.max_rate = options.max_rate;
    endpoint.known_good = std::move(known_good);
    endpoint.classify = [this, url = base_url + std::string(path), read,
                         one = path == kDetailPath](Response& response) { return classify(response, url, read, one); };
    return client.add_endpoint(std::move(endpoint));
  }

  Verdict classify(Response& response, const std::string& url, Read read, bool for_one_product) {
    Judgement judgement = judge(response, {url, token.server_time(), has_answered, for_one_product});
    if (judgement.verdict.kind == Verdict::Kind::success) {
      const std::string problem = (this->*read)(response);
      if (problem.empty()) {
        has_answered = true;
        return {};
      }
      judgement = broken_contract(problem);
    }
    auto& [verdict, ending] = judgement;
    verdict.reason = with_trace(std::move(verdict.reason), response);
    if (!verdict.lasting.empty()) verdict.lasting = with_trace(std::move(verdict.lasting), response);
    if (verdict.kind == Verdict::Kind::stop && !ending_of_stop) ending_of_stop = ending;
    trouble = ending;
    return std::move(verdict);
  }

  // What these read goes on with the answer; each returns what is wrong with it.
  std::string read_token(Response& response) {
    try {
      const auto answer = parse_object(parser, response.body);
      response.content = std::make_shared<AccessToken::Grant>(
          AccessToken::Grant{std::string(required_string(answer, "access_token")),
                             std::chrono::seconds(required_integer(answer, "expires_in"))});
      return {};
    } catch (const ContractError& e) {
      return e.what();
    }
  }
  std::string read_page(Response& response) {
    const auto timed = metrics.time(list_parse);
    const auto page = std::make_shared<ListPage>(read_list_page(response.body, parser));
    response.content = page;
    return fault_of(*page);
  }
  std::string read_detail(Response& response) {
    const auto detail = std::make_shared<Detail>(std::move(response.body), parser);
    response.content = detail;
    return detail->fault();
  }

  // --- what is asked to learn whether the server is down ---

  std::optional<http::Request> known_page() const {
    if (good_page.empty()) return std::nullopt;
    return with_token(page_request({}, good_page));
  }
  // Another one each time: one that was answered an hour ago may fail by itself.
  std::optional<http::Request> known_detail() {
    if (good_details.empty()) return std::nullopt;
    good_details.push_back(std::move(good_details.front()));
    good_details.pop_front();
    return with_token(detail_request({}, good_details.back()));
  }
  void know_detail(const std::string& sku) {
    if (good_details.size() < kKnownDetails) {
      good_details.push_back(sku);
    } else {
      good_details.front() = sku;
      good_details.push_back(std::move(good_details.front()));
      good_details.pop_front();
    }
  }

  http::Request page_request(const http::Attempt& attempt, const std::string& body) const {
    http::Request request;
    request.method = "POST";
    request.url = attempt.location.empty() ? base_url + std::string(kListPath) : attempt.location;
    request.headers = {"Content-Type: application/json"};
    request.body = body;
    return request;
  }
  http::Request detail_request(const http::Attempt& attempt, const std::string& sku) const {
    http::Request request;
    request.url = attempt.location.empty() ? base_url + std::string(kDetailPath) + sku : attempt.location;
    return request;
  }
  http::Request with_token(http::Request request) const {
    request.headers.push_back(token.header());
    request.headers.emplace_back("Accept: application/json");
    request.timeout = options.timeout;
    return request;
  }

  void stop(std::string reason, Ending ending) {
    if (!client.stopped() && !ending_of_stop) ending_of_stop = ending;
    client.stop(std::move(reason));
    skip_parked();
  }

  [[nodiscard]] Ending ending() const noexcept {
    if (ending_of_stop) return *ending_of_stop;
    if (client.stop_cause() == http::StopCause::verdict) return Ending::setup;  // all details were refused
    if (client.stop_cause() == http::StopCause::wait_long) return Ending::later;
    return trouble == Ending::later ? Ending::outage : trouble;
  }

  void skip_parked() {
    for (const auto& call : std::exchange(parked, {})) {
      Result skipped;
      skipped.kind = Result::Kind::skipped;
      skipped.reason = client.stop_reason();
      finish(call, std::move(skipped));
    }
  }

  void token_arrived() {
    client.resume(list_endpoint);
    client.resume(detail_endpoint);
    for (auto& call : std::exchange(parked, {})) resubmit(std::move(call));
    if (const auto callback = std::exchange(ready, nullptr)) callback();
  }

  // --- calls that carry the token ---

  struct Authorized {
    http::Endpoint* endpoint;
    std::function<http::Request(const http::Attempt&)> make;
    Done done;
    std::string sku;     // of a detail
    std::string body;    // of a list page
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
      shared->generation = token.generation();
      return with_token(shared->make(attempt));
    };
    call.done = [this, shared](Result result) { answered(std::move(*shared), std::move(result)); };
    return {shared->endpoint, std::move(call)};
  }

  void answered(Authorized call, Result result) {
    const bool was_answered = result.kind != Result::Kind::skipped;
    if (was_answered && result.response.status == 401) return unauthorized(std::move(call), std::move(result));
    const bool quota_gone = was_answered && quota_used_up(result.response);
    if (result.kind == Result::Kind::success || result.response.status == 404) remember(call);
    finish(call, std::move(result));
    if (quota_gone && !client.stopped())
      stop(
          "the application's quota is used up with this answer: it does not clear within a run, so try again later; "
          "what had "
          "arrived is saved",
          Ending::later);
    if (was_answered && !client.stopped() && token.is_due()) renew_token();
  }

  // What was answered once is what the server can be asked later.
  void remember(const Authorized& call) {
    if (call.endpoint == &detail_endpoint) {
      know_detail(call.sku);
    } else {
      good_page = call.body;
    }
  }

  void finish(const Authorized& call, Result result) const {
    const bool is_list = call.endpoint == &list_endpoint;
    Answer answer;
    answer.kind = kind_of(result, is_list);
    answer.trace = trace_of(result.response);
    answer.error = std::move(result.reason);
    auto& content = result.response.content;
    if (is_list)
      answer.page = std::static_pointer_cast<ListPage>(std::move(content));
    else
      answer.detail = std::static_pointer_cast<Detail>(std::move(content));
    call.done(std::move(answer));
  }

  void unauthorized(Authorized call, Result result) {
    if (call.repeated) {
      const std::string code = parse_error_body(result.response.body).code;
      stop(with_trace(fmt::format(kUnauthorized, code.empty() ? "without a code" : code), result.response),
           Ending::setup);
      result.reason = client.stop_reason();
      return finish(call, std::move(result));
    }
    call.repeated = true;
    if (call.generation != token.generation())
      return resubmit(std::move(call));  // refused with a token that is replaced already
    parked.push_back(std::move(call));
    if (token.is_requested()) return;
    client.pause(list_endpoint);
    client.pause(detail_endpoint);
    renew_token();
  }

  void renew_token() {
    token_renewals.add();
    token.request();
  }

  http::Client& client;
  const Clock& clock;
  metrics::Metrics& metrics;
  const ApiOptions options;
  const std::string base_url;
  AccessToken token;
  http::Endpoint& list_endpoint;
  http::Endpoint& detail_endpoint;
  metrics::Counter token_renewals;
  const metrics::Timer list_parse;

  simdjson::dom::parser parser;  // of all answers
  std::function<void()> ready;
  std::vector<Authorized> parked;  // refused with 401, waiting for the new token
  bool has_answered = false;       // any call, by the API in its form
  std::string good_page;           // the request for the last list page that came
  std::deque<std::string> good_details;
  std::optional<Ending> ending_of_stop;  // of the first that stopped the run
  Ending trouble = Ending::failed;       // of the last answer that was none
};

Api::Api(http::Client& client, const Clock& clock, metrics::Metrics& metrics, ApiOptions options)
    : state_(std::make_unique<State>(client, clock, metrics, std::move(options))) {}

Api::~Api() = default;

const shop::About& Api::about() const noexcept {
  return kAbout;
}

void Api::authenticate(std::function<void()> ready) {
  state_->ready = std::move(ready);
  state_->token.request();
}

void Api::fetch_list_page(const shop::ListQuery& query, int page, Done done) {
  std::string body = list_request(query, page);
  auto make = [state = state_.get(), body](const http::Attempt& attempt) { return state->page_request(attempt, body); };
  state_->submit({&state_->list_endpoint, std::move(make), std::move(done), {}, std::move(body)});
}

void Api::fetch_detail(const std::string& sku, Done done) {
  auto make = [state = state_.get(), sku](const http::Attempt& attempt) { return state->detail_request(attempt, sku); };
  state_->submit({&state_->detail_endpoint, std::move(make), std::move(done), sku, {}});
}

bool Api::is_own_sku(std::string_view sku) const noexcept {
  return !sku.empty() && sku.find_first_not_of("0123456789") == std::string_view::npos;
}

void Api::add_known_detail(const std::string& sku) {
  state_->know_detail(sku);
}

void Api::step(SteadyTime until) {
  state_->client.step(until);
}
bool Api::idle() const noexcept {
  return state_->client.idle() && state_->parked.empty();
}
void Api::stop(std::string reason) {
  state_->stop(std::move(reason), Ending::asked);
}
bool Api::stopped() const noexcept {
  return state_->client.stopped();
}
const std::string& Api::stop_reason() const noexcept {
  return state_->client.stop_reason();
}
Ending Api::ending() const noexcept {
  return state_->ending();
}
std::size_t Api::details_in_trouble() const noexcept {
  return state_->client.in_trouble(state_->detail_endpoint);
}
std::optional<shop::Outage> Api::outage() const {
  const auto outage = state_->client.outage();
  if (!outage) return std::nullopt;
  return shop::Outage{outage->endpoint, outage->reason, outage->next_try};
}
double Api::detail_rate() const noexcept {
  return state_->client.rate(state_->detail_endpoint);
}

shop::Shop::RowNews Api::compare_rows(std::string_view stored, const ListPage::Row& row) const {
  const catalogue::Product listed = read_row({row.list_hash, row.packed}).product;
  return {listed.name.value_or(""), diff_list_rows(stored, *listed.list_json)};
}

}  // namespace pipeline::naver
