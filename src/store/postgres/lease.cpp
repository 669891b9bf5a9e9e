#include "lease.h"

#include "pipeline/base/error.h"
#include "pipeline/base/log.h"
#include "pipeline/base/text.h"
#include "pipeline/base/trace_id.h"

#include "run_tables.h"
#include "server_error.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace pipeline::store::postgres {
namespace {

constexpr std::chrono::milliseconds kPatience{10'000};

std::string own_host() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "an unknown machine";
}

// Each but the first works on what those before it have left.
constexpr std::string_view kMakeGate =
    "INSERT INTO @run_lock (name, token, holder, lease_until) VALUES ('run', 0, '', now() - interval '1 day') "
    "ON CONFLICT (name) DO NOTHING";
constexpr std::string_view kTakeAlone =
    "UPDATE @run_lock SET token = token + 1, holder = $1, lease_until = now() + $2 * interval '1 ms' WHERE name = "
    "'run' "
    "AND lease_until < now() AND NOT EXISTS (SELECT 1 FROM @run_lock AS w WHERE w.name <> 'run') RETURNING token";
// What a round of workers that are gone had found is no longer so after a run that is alone with the store.
constexpr std::string_view kBreakRoundOff =
    "UPDATE @package_round SET broken_off = true WHERE NOT EXISTS "
    "(SELECT 1 FROM @run_lock AS w WHERE w.name <> 'run')";
// Who was alone with the store, and is silent, must not write among the workers.
constexpr std::string_view kEndSilentRun =
    "UPDATE @run_lock SET token = token + 1 WHERE name = 'run' AND lease_until < now()";
constexpr std::string_view kTakeAmongWorkers =
    "INSERT INTO @run_lock (name, token, holder, lease_until) SELECT $3, 1, $1, now() + $2 * interval '1 ms' "
    "WHERE NOT EXISTS (SELECT 1 FROM @run_lock AS r WHERE r.name = 'run' AND r.lease_until >= now()) "
    "ON CONFLICT (name) DO UPDATE SET lease_until = excluded.lease_until RETURNING token";  // an answer was lost

// No row is a division by zero, which is refused, and with it the transaction.
constexpr std::string_view kRenewing = "renew the store's lock";
constexpr std::string_view kRenew =
    "WITH kept AS (UPDATE @run_lock SET lease_until = now() + $2 * interval '1 ms' WHERE name = $3 AND token = $1 "
    "RETURNING 1) SELECT 1 / count(*) FROM kept";
constexpr std::string_view kTaking = "take the store's lock";

std::vector<Statement> taking(Lease::Kind kind, const std::string& name, const std::string& holder,
                              std::int64_t milliseconds) {
  std::vector<Statement> statements{{kTaking, kMakeGate}, gate_of_runs(), end_of_silent_workers()};
  if (kind == Lease::Kind::alone) {
    statements.push_back({kTaking, kBreakRoundOff});
    statements.push_back({kTaking, kTakeAlone, Values::of(holder, milliseconds)});
  } else {
    statements.push_back({kTaking, kEndSilentRun});
    statements.push_back({kTaking, kTakeAmongWorkers, Values::of(holder, milliseconds, name)});
  }
  return statements;
}

}  // namespace

Lease::Lease(const Address& address, std::string_view what, WallTime now, const Clock& clock,
             std::chrono::milliseconds time, Kind kind)
    : connection_(address, Connection::Mode::bare, clock, nullptr, kPatience),
      kind_(kind),
      name_(kind == Kind::alone ? "run" : "worker " + make_trace_id()),
      milliseconds_(time.count()) {
  make_run_tables(connection_);
  const std::string holder = fmt::format("pid {} on {}, {}, since {}", ::getpid(), own_host(), what, format_utc(now));
  connection_.write([&](Transaction& transaction) {
    const Result taken = std::move(transaction.commit(taking(kind_, name_, holder, milliseconds_)).back());
    token_ = taken.rows() > 0 ? taken.integer(0, 0) : 0;
  });
  if (token_ == 0)
    throw TryLaterError(fmt::format("{} is held by another run ({}): wait for it to end, then try again", address.name,
                                    holder_of_lease(connection_).value_or("just ended")));
  keeper_ = std::thread([this, time] { keep(time); });
}

// The row of the run stays, as it is the gate.
Lease::~Lease() {
  {
    const std::lock_guard lock(mutex_);
    end_ = true;
  }
  ended_.notify_all();
  keeper_.join();
  constexpr std::string_view kLetRun =
      "UPDATE @run_lock SET lease_until = now() - interval '1 ms' WHERE name = $2 AND token = $1";
  constexpr std::string_view kLetWorker = "DELETE FROM @run_lock WHERE name = $2 AND token = $1";
  try {
    (void)connection_.ask("let the store's lock go", is_shared() ? kLetWorker : kLetRun, Values::of(token_, name_));
  } catch (const Error& error) {
    log::write(log::Level::warn,
               fmt::format("{}: the lock goes by itself in {} s", error.what(), milliseconds_ / 1'000));
  }
}

Statement Lease::renewal() const {
  return {kRenewing, kRenew, Values::of(token_, milliseconds_, name_)};
}

bool Lease::is_loss(std::string_view purpose, std::string_view state) noexcept {
  return purpose == kRenewing && state == "22012";
}

Statement end_of_silent_workers() {
  return {"look for silent workers", "DELETE FROM @run_lock WHERE name <> 'run' AND lease_until < now()"};
}

Statement gate_of_runs() {
  return {"wait for another worker", "SELECT 1 FROM @run_lock WHERE name = 'run' FOR UPDATE"};
}

// What goes wrong here is for the next transaction to tell.
void Lease::keep(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  while (!ended_.wait_for(lock, time / 3, [&] { return end_; })) {
    lock.unlock();
    try {
      const std::array one{renewal()};
      (void)connection_.ask(one);
    } catch (const Error& error) {
      log::write(log::Level::debug, error.what());
    }
    lock.lock();
  }
}

std::optional<std::string> holder_of_lease(Connection& connection) {
  if (!has_lock_table(connection)) return std::nullopt;
  const Result held = connection.ask("look who holds the store's lock",
                                     "SELECT holder FROM @run_lock WHERE lease_until >= now() ORDER BY name LIMIT 1");
  if (held.rows() == 0) return std::nullopt;
  return std::string(held.text(0, 0));
}

}  // namespace pipeline::store::postgres
