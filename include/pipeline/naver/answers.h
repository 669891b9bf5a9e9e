#pragma once

#include "pipeline/base/error.h"
#include "pipeline/http/client.h"

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
  std::vector<InvalidInput> invalid_inputs;
};
[[nodiscard]] ErrorBody parse_error_body(std::string_view body);

// GNCP-GW-Trace-ID, which support asks for; empty when there is none.
[[nodiscard]] std::string trace_of(const http::Response& response);

[[nodiscard]] http::RateSignal rate_signal(const http::Response& response);

// The answer says that the quota is used up and will not come back within a run: known before the next call is refused.
[[nodiscard]] bool quota_used_up(const http::Response& response);

// An answer classed by the error table. `code` is how the run has to end when the verdict is to stop it.
struct Judgement {
  http::Verdict verdict;
  ExitCode code = ExitCode::failed;
};

// `request_url` is what was asked for, against which a redirect is checked: followed only to the same host over TLS (or
// to the same loopback origin). A 2xx is success here; whether its body keeps the contract is the endpoint's own check.
[[nodiscard]] Judgement judge(const http::Response& response, std::string_view request_url);

}  // namespace pipeline::naver
