#pragma once

#include "pipeline/base/clock.h"

#include "address.h"
#include "connection.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace pipeline::store::postgres {

// How long a run that says nothing more keeps the store: a machine that is gone, or cut off.
inline constexpr std::chrono::seconds kLeaseTime{45};

// One run at a time on a store: a row with a token and an end, both by the server's clock. The holder moves the end on,
// from a thread of its own, and in each transaction that writes: one that comes too late, when another run has taken
// the store over, fails as a whole. Nothing of it belongs to a session of the server, so it outlives a failover and
// works behind a pooler.
class Lease {
 public:
  // Throws TryLaterError naming the holder. Makes the store's schema if need be.
  Lease(const Address& address, std::string_view what, WallTime now, const Clock& clock,
        std::chrono::milliseconds time = kLeaseTime);
  ~Lease();
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  // The first statement of a transaction that writes: it fails when the lease is another's.
  [[nodiscard]] Statement renewal() const;
  // Whether this is what the server says then: of the statement with this purpose.
  [[nodiscard]] static bool is_loss(std::string_view purpose, std::string_view state) noexcept;

 private:
  void keep(std::chrono::milliseconds time);

  Connection connection_;
  std::int64_t token_ = 0;
  const std::int64_t milliseconds_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool end_ = false;
  std::thread keeper_;
};

// Who holds the store now; absent: nobody. As Lease's constructor noted it.
[[nodiscard]] std::optional<std::string> holder_of_lease(Connection& connection);

}  // namespace pipeline::store::postgres
