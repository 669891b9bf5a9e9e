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

// One run at a time on a store, or any number of package workers: a row with a token and an end, both by the server's
// clock. The holder moves the end on, from a thread of its own, and in each transaction that writes: one that comes too
// late, when others have taken over what it held, fails as a whole. Nothing of it belongs to a session of the server,
// so it outlives a failover and works behind a pooler.
class Lease {
 public:
  enum class Kind { alone, among_workers };
  // Throws TryLaterError naming a holder. Makes the store's schema if need be.
  Lease(const Address& address, std::string_view what, WallTime now, const Clock& clock,
        std::chrono::milliseconds time = kLeaseTime, Kind kind = Kind::alone);
  ~Lease();
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  [[nodiscard]] bool is_shared() const noexcept { return kind_ == Kind::among_workers; }
  [[nodiscard]] std::chrono::milliseconds time() const noexcept { return std::chrono::milliseconds(milliseconds_); }
  // Of its row; a worker's was no other's before.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  // The first statement of a transaction that writes: it fails when the lease is another's.
  [[nodiscard]] Statement renewal() const;
  // Whether this is what the server says then: of the statement with this purpose.
  [[nodiscard]] static bool is_loss(std::string_view purpose, std::string_view state) noexcept;

 private:
  void keep(std::chrono::milliseconds time);

  Connection connection_;
  const Kind kind_;
  const std::string name_;
  std::int64_t token_ = 0;
  const std::int64_t milliseconds_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool end_ = false;
  std::thread keeper_;
};

// Takes what silent workers hold: none of them writes from now on.
[[nodiscard]] Statement end_of_silent_workers();
// Passes those who change a round one by one, until their transactions end.
[[nodiscard]] Statement gate_of_runs();

// Who holds the store now, one of several; absent: nobody. As Lease's constructor noted it.
[[nodiscard]] std::optional<std::string> holder_of_lease(Connection& connection);

}  // namespace pipeline::store::postgres
