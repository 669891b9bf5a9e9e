#include "access_token.h"

#include "pipeline/base/log.h"
#include "pipeline/base/text.h"
#include "pipeline/base/url.h"
#include "pipeline/naver/signature.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

namespace pipeline::naver {
namespace {

using http::Result;
using shop::Ending;
using std::chrono::milliseconds;
using std::chrono::seconds;

// A new token is given only in the last 30 minutes of the old one, and the old one stays valid to its end.
constexpr seconds kRenewBefore = std::chrono::minutes(25);
constexpr seconds kRenewAgain = std::chrono::minutes(1);
constexpr double kRenewShare = 0.1;  // of a life shorter than that
// Below this a difference of clocks is the time the answer was under way, and the Date header's whole seconds.
constexpr milliseconds kLeastSkew{1500};

constexpr std::string_view kCheckCredentials =
    ". Check client id and secret (and the account id) in the Commerce API centre, that the application was confirmed "
    "within the last 180 days, and this machine's clock";

}  // namespace

AccessToken::AccessToken(http::Client& client, http::Endpoint& endpoint, const Clock& clock, const ApiOptions& options,
                         std::string base_url, Owner owner)
    : client_(client),
      endpoint_(endpoint),
      clock_(clock),
      options_(options),
      base_url_(std::move(base_url)),
      owner_(std::move(owner)) {}

// While the old token is good and nobody waits for the new one, the run does not hang on it.
void AccessToken::request() {
  requested_ = true;
  http::Call call;
  call.make = [this](const http::Attempt& attempt) { return make_request(attempt); };
  call.done = [this](const Result& result) { answered(result); };
  call.spare = is_valid() && !owner_.is_waiting();
  client_.submit_first(endpoint_, std::move(call));
}

bool AccessToken::is_due() const noexcept {
  if (requested_ || grant_.text.empty() || clock_.now() < renew_after_) return false;
  const auto share = std::chrono::duration<double>(grant_.life) * kRenewShare;
  const auto margin = std::min(Nanoseconds(kRenewBefore), std::chrono::duration_cast<Nanoseconds>(share));
  return clock_.now() + margin >= expires_;
}

http::Request AccessToken::make_request(const http::Attempt& attempt) const {
  const auto& who = options_.credentials;
  const auto timestamp = server_time().time_since_epoch().count();
  http::Request request;
  request.method = "POST";
  request.url = attempt.location.empty() ? base_url_ + std::string(kTokenPath) : attempt.location;
  request.headers = {"Content-Type: application/x-www-form-urlencoded", "Accept: application/json"};
  // Exactly the documented form: parameters that stray from it are punished with one call an hour.
  request.body = fmt::format("client_id={}&timestamp={}&client_secret_sign={}&grant_type=client_credentials&type={}",
                             percent_encode(who.client_id), timestamp,
                             percent_encode(sign(who.client_id, who.client_secret, timestamp)),
                             who.account_id.empty() ? "SELF" : "SELLER");
  if (!who.account_id.empty()) request.body += "&account_id=" + percent_encode(who.account_id);
  request.timeout = options_.timeout;
  return request;
}

void AccessToken::answered(const Result& result) {
  if (result.kind == Result::Kind::skipped)
    return owner_.will_not_come("the deadline passed before there was a token", Ending::deadline);
  if (result.kind == Result::Kind::failed) return refused(result);
  grant_ = std::move(*std::static_pointer_cast<Grant>(result.response.content));
  expires_ = clock_.now() + grant_.life;
  ++generation_;
  requested_ = false;
  owner_.arrived();
}

void AccessToken::refused(const Result& result) {
  if (client_.stopped()) return owner_.will_not_come(client_.stop_reason(), Ending::failed);
  if (correct_skew(result.response)) return request();
  if (is_valid() && !owner_.is_waiting()) {
    log::warn("the token was not renewed, and is used on to its end: {}", result.reason);
    requested_ = false;
    renew_after_ = clock_.now() + kRenewAgain;
    return;
  }
  const int status = result.response.status;
  const bool may_pass = status >= 500 || status == 429 || !result.response.fault.empty();
  if (may_pass) return request();  // was spare, and is not any more
  // The reason of a 403 or 404 says itself what to do.
  const bool is_of_credentials = status == 400 || status == 401;
  const bool is_refusal = status >= 400;
  owner_.will_not_come(fmt::format("no token: {}{}", result.reason, is_of_credentials ? kCheckCredentials : ""),
                       is_refusal ? Ending::setup : Ending::failed);
}

// A refusal's Date header tells how far the clocks are apart; true when that explains it and was not tried before.
bool AccessToken::correct_skew(const http::Response& response) {
  if (skew_corrected_ || response.status < 400 || response.status >= 500) return false;
  const auto header = response.headers.find("Date");
  const auto date = header ? parse_http_date(*header) : std::nullopt;
  if (!date) return false;
  const auto apart = *date - clock_.wall();
  if (std::chrono::abs(apart) < kLeastSkew) return false;
  skew_corrected_ = true;
  skew_ = apart;
  log::warn("the clock of this machine is {:.1f} s {} the server's: corrected for this run, set it right",
            std::abs(static_cast<double>(apart.count())) / 1000, apart.count() < 0 ? "ahead of" : "behind");
  return true;
}

}  // namespace pipeline::naver
