#pragma once

#include "pipeline/base/clock.h"

#include "emulator/bucket.h"
#include "emulator/edit.h"
#include "emulator/faults.h"
#include "emulator/stats.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

// MY_STORE without Naver: the Commerce API as docs and users describe it, with a store of its own. README.md says what
// it answers where the documentation is silent.
namespace pipeline::emulator {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

struct Call {
  std::string method = "GET";
  std::string path{};  // with the query; a leading /external is taken off
  HeaderList headers{};
  std::string body{};
};

struct Reply {
  enum class Cut { none, reset, short_body, stall };

  int status = 200;
  HeaderList headers;  // without Content-Length, which the carrier knows
  std::string body;
  Nanoseconds delay{0};  // from the arrival of the call to its answer; the core never sleeps
  Cut cut = Cut::none;   // what the carrier does to the answer on the wire

  // In any case of letters; empty when absent.
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
};

enum class HeaderCase { as_documented, lower, upper };

struct Options {
  std::size_t products = 1000;  // origin products; a few have two channel products
  std::uint64_t seed = 1;

  std::string client_id = "aaaabbbbcccc";
  // bcrypt at cost 4 takes 1 ms; the documented vector, `$2a$10$abcdefghijklmnopqrstuv`, 50.
  std::string client_secret = "$2a$04$abcdefghijklmnopqrstuv";
  // A timestamp is refused when it is older than five minutes, or further ahead of the server's clock than this.
  std::chrono::milliseconds timestamp_ahead{1'000};
  std::chrono::seconds token_life{10'800};
  std::chrono::seconds token_renewal{1'800};  // less life than this: a new token is given

  Nanoseconds latency{0};
  Nanoseconds jitter{0};  // latency ± jitter, uniform, from the seed

  RateLimit token_rate;
  RateLimit list_rate;
  RateLimit channel_detail_rate;
  RateLimit origin_detail_rate;
  Discipline discipline = Discipline::continuous;
  Nanoseconds tick_phase{0};  // second_ticks: the first tick comes this long after the start
  bool rate_headers = true;
  HeaderCase header_case = HeaderCase::as_documented;  // of the GNCP-GW-* names
  std::optional<Quota> quota;

  // Pages that reach beyond so many hits of a list are refused; 0: none.
  std::int64_t list_ceiling = 0;

  std::chrono::milliseconds clock_skew{0};  // the server's clock minus the given one
  bool gzip = true;                         // when the client accepts it
  bool volatile_fields = true;
  bool moving_keys = true;
  std::size_t cache_bytes = std::size_t{64} << 20;  // rendered details kept, plain ones and as much gzipped
};

// The API and its store. Borrows the clock: now() drives buckets and quotas, wall() tokens and dates. Thread-safe: a
// lock is held for the bookkeeping and rendering of a call, not for bcrypt or gzip. Throws std::invalid_argument for a
// secret that is no bcrypt salt and from edits of products that are not there.
class Emulator {
 public:
  Emulator(const Clock& clock, Options options);
  ~Emulator();
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;

  // Answers one call, of the API or of the control interface below /__control__/.
  [[nodiscard]] Reply handle(const Call& call);

  // What was served.
  [[nodiscard]] Stats stats() const;
  [[nodiscard]] std::unordered_map<std::int64_t, std::uint64_t> details_served() const;  // channel number: times
  void reset_stats();

  // The store.
  [[nodiscard]] std::size_t size() const;                       // channel products
  [[nodiscard]] std::vector<std::int64_t> channel_nos() const;  // oldest first
  [[nodiscard]] std::vector<std::int64_t> channel_nos_with(Trait trait) const;
  [[nodiscard]] std::optional<ProductView> find(std::int64_t channel_no) const;
  void edit(const Edit& edit);
  std::vector<std::int64_t> add_products(std::size_t count);  // newest of all; their channel numbers
  void remove(std::int64_t channel_no);
  void take_off_sale(std::int64_t channel_no);  // its origin product stays in the list, without channel products
  void shift_list(const Shift& shift);

  // Faults. The number a rule gets stays valid until clear_faults().
  std::size_t add_fault(FaultRule rule);
  void clear_faults();
  [[nodiscard]] std::uint64_t fault_hits(std::size_t rule) const;
  [[nodiscard]] std::vector<std::uint64_t> fault_hits() const;  // of all rules

  // Limits, time, tokens.
  void set_rate(Target target, RateLimit limit);
  void set_quota(std::optional<Quota> quota);  // none also lifts a penalty
  void set_latency(Nanoseconds latency, Nanoseconds jitter);
  void set_clock_skew(std::chrono::milliseconds skew);
  void revoke_tokens();                 // 401 until a new token is asked for
  void refuse_all_tokens(bool refuse);  // 401 whatever token comes

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pipeline::emulator
