#include "check_shop.h"

#include "pipeline/base/text.h"
#include "pipeline/http/client.h"
#include "pipeline/http/curl_transport.h"
#include "pipeline/metrics/metrics.h"
#include "pipeline/naver/answers.h"
#include "pipeline/naver/api.h"

#include "listener.h"
#include "summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::cli {
namespace {

using State = Finding::State;
using shop::Answer;
using std::chrono::milliseconds;
using std::chrono::seconds;

// `2.5`, `1,300`.
std::string rate_text(double per_second) {
  return per_second < 100 ? fmt::format("{:.3g}", per_second) : count(std::llround(per_second));
}

constexpr int kShopTries = 3;    // answers that one call may need
constexpr int kListed = 20;      // a product may refuse its detail by itself
constexpr seconds kFar{30};      // clocks so far apart are worth a word
constexpr seconds kAhead{2};     // a signature from the future is refused; the Date's whole seconds tell no finer
constexpr seconds kSigned{300};  // how old a signature may be (API page: auth)

constexpr std::string_view kNoAnswer =
    "check the network of this machine, https_proxy if there is one, and --base-url; or the server hangs: try again in "
    "some minutes";

// What of an answer speaks of its failure, for people.
std::string told_by(const http::Response& response) {
  if (!response.fault.empty()) return response.fault;
  const naver::ErrorBody error = naver::parse_error_body(response.body);
  std::string text = fmt::format("HTTP {}", response.status);
  if (!error.code.empty()) text += " " + error.code;
  if (!error.message.empty()) text += ": " + error.message;
  for (const auto& input : error.invalid_inputs) text += fmt::format(" ({}: {})", input.name, input.message);
  if (const std::string trace = naver::trace_of(response); !trace.empty()) text += fmt::format(" [trace {}]", trace);
  return text;
}

std::string advice_for(const http::Response& response, bool is_token) {
  if (response.untrusted)
    return "check --base-url; where a proxy or a test server has a certificate authority of its own, name its PEM file "
           "in CURL_CA_BUNDLE";
  if (!response.fault.empty()) return std::string(kNoAnswer);
  if (naver::parse_error_body(response.body).code == "GW.IP_NOT_ALLOWED")
    return "add this machine's address to those of the application in the Commerce API centre";
  if (response.status == 403)
    return "check the application's API groups in the Commerce API centre, and that it was confirmed within the last "
           "180 "
           "days";
  if (response.status == 401 || (is_token && response.status == 400))
    return "check client id and secret (and the account id) in the Commerce API centre, and that the application was "
           "confirmed within the last 180 days";
  if (response.status == 404) return "check --base-url against the API's documentation";
  if (response.status == 429) return "another program uses up what the application may ask: try again later";
  if (response.status >= 500)
    return "the server is in trouble: try again in some minutes; a night waits for it as long as --retry-for says";
  return "look up the message in the API's documentation, or ask its support with the trace";
}

// What is asked of the server, one call after the other.
class ShopVisit {
 public:
  ShopVisit(const SyncCommand& sync, const naver::Credentials& credentials, const Clock& clock, SteadyTime until)
      : sync_(sync),
        clock_(clock),
        until_(until),
        metrics_(clock),
        transport_(clock, {.max_connections = 1, .quick_exit = true}),
        listener_(transport_, clock),
        client_(listener_, clock, metrics_, client_options(until)),
        shop_(client_, clock, metrics_, api_options(sync, credentials, until - clock.now())) {}

  ShopCheck run() {
    const bool has_token = ask_token();
    const bool has_list = has_token ? ask_list() : not_asked("list", "there is no token");
    if (has_list)
      ask_detail();
    else
      (void)not_asked("detail", "the list was not read");
    check_.findings.insert(check_.findings.begin(), clock_finding());
    return std::move(check_);
  }

 private:
  static http::ClientOptions client_options(SteadyTime until) {
    http::ClientOptions options;
    options.max_in_flight = 1;
    options.max_retries = kShopTries;
    options.deadline = until;
    return options;
  }
  static naver::ApiOptions api_options(const SyncCommand& sync, const naver::Credentials& credentials,
                                       Nanoseconds time) {
    naver::ApiOptions options = sync.api;
    options.credentials = credentials;
    options.timeout = std::min(options.timeout, time);
    return options;
  }

  void add(std::string check, State state, std::string subject, std::string text, std::string advice = {}) {
    check_.findings.push_back({std::move(check), state, std::move(subject), std::move(text), std::move(advice)});
  }

  bool not_asked(const char* check, const char* why) {
    add(check, State::warning, "", fmt::format("not tried: {}", why));
    return false;
  }

  // Until it is done, or there is no hope for it.
  void drive(const std::function<bool()>& is_done) {
    while (!is_done() && !shop_.stopped() && clock_.now() < until_ && listener_.answers() < kShopTries)
      shop_.step(std::min(until_, clock_.now() + milliseconds(100)));
  }

  // Of a call that came to nothing.
  void add_failure(const char* check, const std::string& subject, const std::string& error) {
    const auto& last = listener_.last();
    const bool is_answered = last && last->fault.empty() && last->status < 400;
    if (!last)
      return add(check, State::failed, subject,
                 fmt::format("no answer within {}", format_duration(to_seconds(clock_.now() - asked_))),
                 std::string(kNoAnswer));
    if (is_answered)
      return add(check, State::failed, subject, error.empty() ? fmt::format("HTTP {}", last->status) : error,
                 "check --base-url: what answers there is not the Commerce API, or a proxy changes its answers");
    add(check, State::failed, subject, told_by(*last), advice_for(*last, check == std::string_view("token")));
  }

  bool ask_token() {
    bool is_there = false;
    begin();
    shop_.authenticate([&] { is_there = true; });
    drive([&] { return is_there; });
    if (!is_there) {
      add_failure("token", sync_.api.base_url, shop_.stop_reason());
      return false;
    }
    add("token", State::ok, sync_.api.base_url, fmt::format("given after {}", took()));
    return true;
  }

  bool ask_list() {
    begin();
    std::optional<Answer> answer;
    shop_.fetch_list_page(
        {.page_size = kListed, .statuses = sync_.options.statuses, .modified_since = {}, .modified_until = {}}, 1,
        [&](Answer came) { answer = std::move(came); });
    drive([&] { return answer.has_value(); });
    if (!answer || answer->kind != Answer::Kind::ok) {
      add_failure("list", sync_.api.base_url, answer ? answer->error : std::string());
      return false;
    }
    page_ = answer->page;
    check_.products = page_->total_elements;
    if (page_->total_elements == 0) {
      add("list", State::warning, sync_.api.base_url,
          "read, and empty: the store has no products, or none that the "
          "filters let through",
          "check that these credentials are those of the store (--status, NAVER_COMMERCE_ACCOUNT_ID)");
      return false;
    }
    add("list", State::ok, sync_.api.base_url,
        fmt::format("read after {}: {} products", took(), count(page_->total_elements)));
    return true;
  }

  void ask_detail() {
    if (page_->rows.empty()) {
      (void)not_asked("detail", "the first page of the list has no product that is on sale");
      return;
    }
    const std::string sku = page_->rows.front().sku;
    for (const auto& row : page_->rows)
      if (row.sku != sku) shop_.add_known_detail(row.sku);
    begin();
    std::optional<Answer> answer;
    shop_.fetch_detail(sku, [&](Answer came) { answer = std::move(came); });
    drive([&] { return answer.has_value(); });
    if (answer && (answer->kind == Answer::Kind::ok || answer->kind == Answer::Kind::not_found)) {
      add("detail", State::ok, sku, fmt::format("read after {}", took()));
      return add_nights();
    }
    if (answer && answer->kind == Answer::Kind::failed && listener_.last() && listener_.last()->status == 200) {
      add("detail", State::warning, sku, answer->error, "others are given: a night names this one, and goes on");
      return add_nights();
    }
    add_failure("detail", sku, answer ? answer->error : std::string());
  }

  // What the server's limits make of a night. A night's share of checks is a part of all; what changed comes on top.
  void add_nights() {
    add_quota();
    const double products = static_cast<double>(page_->total_elements);
    const double round_trip = std::max(to_seconds(listener_.last() ? listener_.last()->took : Nanoseconds(0)), 1e-4);
    const double by_latency = sync_.options.workers / round_trip;
    const double rate = std::min(shop_.detail_rate(), by_latency);
    const double pages = std::ceil(products / sync_.options.page_size) * round_trip;
    const double first = pages + products / rate;
    const int days = sync_.options.max_detail_age_days;
    const double ordinary = pages + (days > 0 ? products / days / rate : 0);
    const bool is_named = naver::rate_signal(*listener_.last()).replenish_rate.has_value();
    const std::string text =
        is_named
            ? fmt::format(
                  "{} products at {} details a second: a first night takes about {}, an ordinary one "
                  "{} and the time for what changed",
                  count(page_->total_elements), rate_text(rate), format_time_left(first), format_time_left(ordinary))
            : fmt::format(
                  "{} products; the server names no rate, it is found by trial: at {} details a second "
                  "a first night takes about {}, an ordinary one {} and the time for what changed",
                  count(page_->total_elements), rate_text(rate), format_time_left(first), format_time_left(ordinary));
    if (sync_.deadline && first > to_seconds(*sync_.deadline))
      return add("nights", State::warning, "", text,
                 fmt::format("--deadline ends the first night after {}: the next nights go on from there, or set it "
                             "later",
                             format_duration(to_seconds(*sync_.deadline))));
    add("nights", State::ok, "", text);
  }

  void add_quota() {
    const auto& headers = listener_.last()->headers;
    const auto period = headers.find("GNCP-GW-Quota-Period");
    if (!period || equal_ignoring_case(*period, "SECONDS")) return;
    add("quota", State::warning, "",
        fmt::format("the application has a quota: {} calls (period {}), {} left",
                    headers.find("GNCP-GW-Quota-Limit").value_or("unknown"), *period,
                    headers.find("GNCP-GW-Quota-Remaining").value_or("unknown")),
        "a night that uses it up ends there and says so, and the next goes on; ask the Commerce API centre about the "
        "quota");
  }

  [[nodiscard]] Finding clock_finding() const {
    if (!listener_.skew())
      return {"clock", State::warning, "", "not compared: no answer named the server's time", "mend the token first"};
    const milliseconds skew = *listener_.skew();  // of the server's clock: above zero, this machine's is behind
    const double apart = std::abs(static_cast<double>(skew.count())) / 1000;
    if (milliseconds(std::abs(skew.count())) <= kAhead)
      return {"clock", State::ok, "", "this machine's clock and the server's agree to two seconds"};
    const bool is_ahead = skew.count() < 0;
    const std::string text = is_ahead ? fmt::format("this machine's clock is {:.0f} s ahead of the server's", apart)
                                      : fmt::format("this machine's clock is {:.0f} s behind the server's", apart);
    const std::string advice =
        "set it right and keep it so, by systemd-timesyncd or chrony: `timedatectl set-ntp true`; the server refuses "
        "signatures that are older than five minutes, or from the future";
    if (milliseconds(std::abs(skew.count())) > kSigned) return {"clock", State::failed, "", text, advice};
    if (is_ahead || milliseconds(skew) > kFar) return {"clock", State::warning, "", text, advice};
    return {"clock", State::ok, "", text};
  }

  void begin() {
    listener_.forget();
    asked_ = clock_.now();
  }
  [[nodiscard]] std::string took() const { return format_duration(to_seconds(clock_.now() - asked_)); }

  const SyncCommand& sync_;
  const Clock& clock_;
  const SteadyTime until_;
  metrics::Metrics metrics_;
  http::CurlTransport transport_;
  Listener listener_;
  http::Client client_;
  naver::Api shop_;
  SteadyTime asked_;
  std::shared_ptr<shop::ListPage> page_;
  ShopCheck check_;
};

}  // namespace

ShopCheck check_shop(const SyncCommand& sync, const naver::Credentials& credentials, const Clock& clock,
                     SteadyTime until) {
  ShopCheck check;
  check.findings = look_at("token", sync.api.base_url, [&]() -> Findings {
    naver::check_base_url(sync.api.base_url);
    check = ShopVisit(sync, credentials, clock, until).run();
    return std::move(check.findings);
  });
  return check;
}

Findings shop_not_asked(const SyncCommand& sync) {
  return {{"token", Finding::State::warning, sync.api.base_url, "not tried: there are no credentials",
           "mend the credentials first"}};
}

}  // namespace pipeline::cli
