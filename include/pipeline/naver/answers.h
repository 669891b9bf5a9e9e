#pragma once

#include "pipeline/http/client.h"
#include "pipeline/shop/shop.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What the answers of the Commerce API mean (API page: trouble-shooting, restriction).
namespace pipeline::naver {

// The error body: {"code", "message", "traceId"?, "timestamp", "invalidInputs"?: [{"name", "type", "message"}]}.
// Fields that are missing, or a body that is no JSON, leave the strings empty.
struct ErrorBody {
  struct InvalidInput {
    std::string name, type, message;
  };
  std::string code;
  std::string message;
  std::string trace_id;
  std::vector<InvalidInput> invalid_inputs;
};
[[nodiscard]] ErrorBody parse_error_body(std::string_view body);

// GNCP-GW-Trace-ID, which support asks for; of a gateway's error that lacks the header the traceId in its body; empty
// when there is none.
[[nodiscard]] std::string trace_of(const http::Response& response);

[[nodiscard]] http::RateSignal rate_signal(const http::Response& response);

// The answer says that the quota is used up and will not come back within a run: known before the next call is refused.
[[nodiscard]] bool quota_used_up(const http::Response& response);

// What is known of a call when its answer is judged.
struct Asked {
  std::string_view url;  // against which a redirect is checked: followed only to the same host over TLS (or to the
                         // same loopback origin)
  WallTime now;          // for a Retry-After of an answer without a Date
  bool was_answered;     // the server has answered other calls of this run
  bool for_one_product;  // a refusal may mean that product alone
};

// An answer classed by the error table. `ending` is what it is when the verdict stops all calls, or when what it speaks
// of lasts.
struct Judgement {
  http::Verdict verdict;
  shop::Ending ending = shop::Ending::failed;
};

// Judges an answer or a transport fault. A 2xx is success here; whether its body keeps the contract is the endpoint's
// own check.
[[nodiscard]] Judgement judge(const http::Response& response, const Asked& asked);

// The verdict on a 2xx whose body breaks the contract: a fault like a 5xx, since the next answer may be whole.
[[nodiscard]] Judgement broken_contract(const std::string& problem);

}  // namespace pipeline::naver
