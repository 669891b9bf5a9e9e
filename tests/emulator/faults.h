#pragma once

#include "pipeline/base/clock.h"

#include "emulator/bucket.h"
#include "emulator/random.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::emulator {

enum class Endpoint { token, list, channel_detail, origin_detail, other };
inline constexpr std::size_t kEndpoints = 5;

[[nodiscard]] std::string_view to_string(Endpoint endpoint) noexcept;  // token, list, detail, origin_detail, other

// What a rule or a rate applies to; `detail` means both kinds.
enum class Target { any, token, list, detail, channel_detail, origin_detail };

[[nodiscard]] bool covers(Target target, Endpoint endpoint) noexcept;

enum class FaultKind {
  status,          // `status` with `code` (or the code the gateway uses with that status)
  rate_limit,      // 429 GW.RATE_LIMIT although the bucket had tokens: a storm
  quota,           // 429 GW.QUOTA_LIMIT
  reset,           // RST instead of an answer
  stall,           // headers and half of the body, then silence
  short_body,      // half of the body that Content-Length announces, then the end of the connection
  invalid_json,    // a whole answer whose body is not JSON
  wrong_types,     // JSON of the right shape with other types in it
  unauthorized,    // 401 GW.AUTHN
  ip_not_allowed,  // 403 GW.IP_NOT_ALLOWED
  not_found,       // 404 NOT_FOUND: no such product
  api_not_found,   // 404 GW.NOT_FOUND: no such API
  redirect,        // 308 to `location`
  bad_request,     // 400 BAD_REQUEST with invalidInputs
  slow,            // nothing but extra_delay; later rules still apply
};

// Which calls go wrong, and how. A rule matches a call by endpoint, product and page; it then lets `skip` matching
// calls pass, and hits those after with `probability` until it has hit `times` of them.
struct FaultRule {
  Target target = Target::any;
  std::optional<std::int64_t> product_no{};  // the number in the path of a detail
  std::optional<int> page{};                 // of the list, as answered
  FaultKind kind = FaultKind::status;

  int status = 500;
  std::string code{};                 // empty: the usual one
  std::string location{};             // of a redirect; empty: the same path under /external
  std::optional<std::string> body{};  // instead of the error body, e.g. the HTML page of a proxy

  double probability = 1.0;
  std::uint64_t skip = 0;
  std::optional<std::uint64_t> times{};  // none: for ever
  std::optional<std::string> retry_after{};
  bool no_headers = false;  // no GNCP-GW-* in the answer: a gateway's error that names its trace in the body alone
  std::optional<QuotaPeriod> quota_period{};  // of a quota fault; none: no header names one
  Nanoseconds extra_delay{0};
};

// The rules in the order they were given: the first that hits decides. Not thread-safe.
class FaultBook {
 public:
  explicit FaultBook(std::uint64_t seed) : random_(seed) {}

  // Where a call goes; `product_no` and `page` are what it names.
  struct Call {
    Endpoint endpoint;
    std::optional<std::int64_t> product_no;
    std::optional<int> page;
  };
  struct Verdict {
    const FaultRule* rule = nullptr;  // none: the call goes through
    Nanoseconds extra_delay{0};
  };

  std::size_t add(FaultRule rule);
  void clear() noexcept { entries_.clear(); }
  [[nodiscard]] Verdict judge(const Call& call);
  [[nodiscard]] std::uint64_t hits(std::size_t rule) const { return entries_.at(rule).hits; }
  [[nodiscard]] std::vector<std::uint64_t> hits() const;

 private:
  struct Entry {
    FaultRule rule;
    std::uint64_t matched = 0;
    std::uint64_t hits = 0;
  };
  std::vector<Entry> entries_;
  Random random_;
};

}  // namespace pipeline::emulator
