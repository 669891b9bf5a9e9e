#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/base/error.h"
#include "pipeline/http/client.h"
#include "pipeline/metrics/metrics.h"
#include "pipeline/naver/credentials.h"
#include "pipeline/naver/product_detail.h"
#include "pipeline/naver/product_list.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace pipeline::naver {

inline constexpr std::string_view kBaseUrl = "https://api.commerce.naver.com/external";

struct ApiOptions {
  std::string base_url{kBaseUrl};
  Credentials credentials;
  std::optional<double> max_rate;  // requests a second and endpoint
  Nanoseconds timeout = std::chrono::seconds(30);
  ExitCode outage_code = ExitCode::try_later;  // of a run that a server which is down has ended
};

// Throws UsageError unless the URL is https, or http to a loopback address: secrets and tokens never travel in the
// clear.
void check_base_url(const std::string& base_url);

// What a call ended with, after all retries.
struct Answer {
  enum class Kind {
    ok,
    failed,     // `error` says why
    not_found,  // NOT_FOUND: there is no such product (any more)
    broken,     // the server answered, but breaks the contract each time; `error` says how
    skipped,    // never answered: the run was stopped, or its deadline passed
  };
  Kind kind = Kind::ok;
  std::shared_ptr<ListPage> page;  // of a list, ok or broken
  std::shared_ptr<Detail> detail;  // of a detail, ok or broken
  std::string error;               // for people, with the trace id at its end
  std::string trace;               // GNCP-GW-Trace-ID of the last answer
  int status = 0;                  // of the last answer; 0: none came
};

// The calls the project needs, with one token shared by all: asked for once, renewed before it ends, and once more when
// a call is refused with 401 (then that call is repeated; a second refusal ends the run). One thread, which drives it
// by step(). Borrows client, clock and metrics.
class Api {
 public:
  using Done = std::function<void(Answer)>;

  Api(http::Client& client, const Clock& clock, metrics::Metrics& metrics, ApiOptions options);
  ~Api();

  // Asks for the token; `ready` comes when it is there. When it can't be had the run is stopped.
  void authenticate(std::function<void()> ready);
  void fetch_list_page(const ListQuery& query, int page, Done done);
  void fetch_detail(const std::string& channel_product_no, Done done);
  // A product whose detail was answered in an earlier run, or is likely to be in this one: asked for when others fail,
  // to learn whether the server is down. The last few are kept; those that were answered in this run are known anyway.
  void add_known_detail(const std::string& channel_product_no);

  // Sends and receives until there is news or `until` has come; the answers' callbacks run inside.
  void step(SteadyTime until);
  [[nodiscard]] bool idle() const noexcept;  // no call waits or is under way

  // Ends all calls as skipped; no more are made.
  void stop(std::string reason, ExitCode code);
  [[nodiscard]] bool stopped() const noexcept;
  [[nodiscard]] const std::string& stop_reason() const noexcept;
  // How the run has to end when it was stopped: credentials, permission, quota, or a server that is down.
  [[nodiscard]] ExitCode stop_code() const noexcept;

  // Details that failed and are to be asked for again, or wait to be judged.
  [[nodiscard]] std::size_t details_in_trouble() const noexcept;
  // The server that is waited for now, if one is.
  [[nodiscard]] std::optional<http::Outage> outage() const;
  [[nodiscard]] double detail_rate() const noexcept;  // requests a second, as the bucket allows now

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pipeline::naver
