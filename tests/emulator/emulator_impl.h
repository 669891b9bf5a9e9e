#pragma once

#include "emulator/catalogue.h"
#include "emulator/emulator.h"
#include "emulator/error_body.h"
#include "emulator/listing.h"
#include "emulator/random.h"
#include "emulator/render_cache.h"
#include "emulator/route.h"
#include "emulator/token.h"

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pipeline::emulator {

inline constexpr std::size_t kLimitedEndpoints = 4;  // all but `other`

// What an endpoint has to say, before faults and headers.
struct Answer {
  int status = 200;
  std::string body{};
  RenderCache::Body shared{};  // instead of `body`: one kept in the cache
  bool is_gzip = false;

  [[nodiscard]] std::string_view text() const noexcept { return shared ? *shared : body; }
};

// gateway.cpp does to every call what a gateway does, answers.cpp knows the endpoints, emulator.cpp the store.
class Emulator::Impl {
 public:
  Impl(const Clock& clock, Options options)
      : clock_(clock),
        options_(std::move(options)),
        verifier_(options_.client_id, options_.client_secret),
        skew_(options_.clock_skew),
        latency_(options_.latency),
        jitter_(options_.jitter),
        random_(options_.seed ^ 0x1a7e9c),
        catalogue_(options_.products, options_.seed),
        tokens_(options_.seed ^ 0x70ce2, options_.token_life, options_.token_renewal),
        faults_(options_.seed ^ 0xfa017),
        buckets_{bucket(options_.token_rate), bucket(options_.list_rate), bucket(options_.channel_detail_rate),
                 bucket(options_.origin_detail_rate)},
        plain_(options_.cache_bytes),
        gzipped_(options_.cache_bytes) {
    if (options_.quota) quota_.emplace(*options_.quota, clock_.now());
  }

  Reply handle(const Call& call);

 private:
  friend class Emulator;  // whose other functions are one line each, under the mutex

  using Query = std::variant<ListQuery, InvalidInputs>;

  // What was decided about a call when it arrived.
  struct Ticket {
    Route route;
    std::uint64_t number = 0;
    std::string trace_id;
    WallTime time;  // the server's
    HeaderList limits;
    HeaderList quota;
    Nanoseconds delay{0};
    bool over_rate = false;
    bool over_quota = false;
    std::optional<FaultRule> fault;
    bool takes_gzip = false;
    std::string redirect;  // where a redirect goes by default
  };

  [[nodiscard]] TokenBucket bucket(RateLimit limit) const {
    return {limit, options_.discipline, clock_.now() + options_.tick_phase};
  }
  [[nodiscard]] WallTime server_time() const noexcept { return clock_.wall() + skew_; }
  [[nodiscard]] std::string gateway_name(std::string_view name) const;
  [[nodiscard]] Nanoseconds draw_latency();
  [[nodiscard]] HeaderList limit_headers(Endpoint endpoint, bool storm) const;
  [[nodiscard]] HeaderList quota_headers(const Quota& quota, std::int64_t remaining) const;

  [[nodiscard]] Ticket admit(const Call& call, const Route& route, const Query& query);
  [[nodiscard]] Answer decide(Ticket& ticket, const Call& call, const Query& query);
  [[nodiscard]] Answer refuse(const Ticket& ticket, int status, std::string_view code,
                              const InvalidInputs& inputs = {}) const;
  [[nodiscard]] std::optional<Answer> refuse_by_fault(Ticket& ticket) const;
  [[nodiscard]] bool is_authorized(const Call& call) const;
  [[nodiscard]] Answer answer_token(Ticket& ticket, const Call& call);
  [[nodiscard]] Answer punish(Ticket& ticket, const InvalidInput& input);
  [[nodiscard]] InvalidInputs check_form(const Ticket& ticket, const Form& form);
  [[nodiscard]] Answer answer_list(const Ticket& ticket, const Query& query);
  [[nodiscard]] Answer answer_detail(const Ticket& ticket);
  void apply_shifts(const ListPage& page, std::int64_t number);
  [[nodiscard]] Reply finish(Ticket ticket, Answer answer);

  const Clock& clock_;
  const Options options_;
  SignatureVerifier verifier_;  // has a lock of its own

  mutable std::mutex mutex_;  // for all below
  std::chrono::milliseconds skew_;
  Nanoseconds latency_;
  Nanoseconds jitter_;
  Random random_;
  Catalogue catalogue_;
  TokenBook tokens_;
  FaultBook faults_;
  StatsKeeper stats_;
  std::array<TokenBucket, kLimitedEndpoints> buckets_;  // by Endpoint
  std::optional<QuotaCounter> quota_;
  std::vector<Shift> shifts_;
  RenderCache plain_;
  RenderCache gzipped_;
  std::uint64_t calls_ = 0;
};

}  // namespace pipeline::emulator
