#include "lease.h"

#include "pipeline/base/error.h"
#include "pipeline/base/log.h"
#include "pipeline/base/text.h"

#include "schema.h"
#include "server_error.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace pipeline::store::postgres {
namespace {

constexpr std::chrono::milliseconds kPatience{10'000};

std::string own_host() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "an unknown machine";
}

// Twice at the same moment one of them is refused by what is there already: it asks again.
void make_table(Connection& connection) {
  make_schema(connection);
  connection.write([&](Transaction& transaction) {
    (void)transaction.commit({{"make the table of the store's lock",
                               "CREATE TABLE IF NOT EXISTS @run_lock (name text PRIMARY KEY, token bigint NOT NULL, "
                               "holder text NOT NULL, lease_until timestamptz NOT NULL)"}});
  });
}

bool has_table(Connection& connection) {
  return connection
             .ask("look for the store's lock",
                  "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = $1 AND tablename = 'run_lock'",
                  Values::of(connection.address().schema))
             .rows() > 0;
}

constexpr std::string_view kTake =
    "INSERT INTO @run_lock (name, token, holder, lease_until) VALUES ('run', 1, $1, now() + $2 * interval '1 ms') "
    "ON CONFLICT (name) DO UPDATE SET token = run_lock.token + 1, holder = excluded.holder, "
    "lease_until = excluded.lease_until WHERE run_lock.lease_until < now() RETURNING token";

// NULL is refused for the token, and with it the transaction.
constexpr std::string_view kRenewing = "renew the store's lock";
constexpr std::string_view kRenew =
    "UPDATE @run_lock SET lease_until = now() + $2 * interval '1 ms', token = CASE WHEN token = $1 THEN token END "
    "WHERE name = 'run'";

}  // namespace

Lease::Lease(const Address& address, std::string_view what, WallTime now, const Clock& clock,
             std::chrono::milliseconds time)
    : connection_(address, Connection::Mode::bare, clock, nullptr, kPatience), milliseconds_(time.count()) {
  if (!has_table(connection_)) make_table(connection_);
  const std::string holder = fmt::format("pid {} on {}, {}, since {}", ::getpid(), own_host(), what, format_utc(now));
  connection_.write([&](Transaction& transaction) {
    const Result taken = transaction.ask("take the store's lock", kTake, Values::of(holder, milliseconds_));
    token_ = taken.rows() > 0 ? taken.integer(0, 0) : 0;
  });
  if (token_ == 0)
    throw TryLaterError(fmt::format("{} is held by another run ({}): wait for it to end, then try again", address.name,
                                    holder_of_lease(connection_).value_or("just ended")));
  keeper_ = std::thread([this, time] { keep(time); });
}

// The row stays: a renewal of nobody's must fail.
Lease::~Lease() {
  {
    const std::lock_guard lock(mutex_);
    end_ = true;
  }
  ended_.notify_all();
  keeper_.join();
  try {
    (void)connection_.ask(
        "let the store's lock go",
        "UPDATE @run_lock SET lease_until = now() - interval '1 ms' WHERE name = 'run' AND token = $1",
        Values::of(token_));
  } catch (const Error& error) {
    log::write(log::Level::warn,
               fmt::format("{}: the lock goes by itself in {} s", error.what(), milliseconds_ / 1'000));
  }
}

Statement Lease::renewal() const {
  return {kRenewing, kRenew, Values::of(token_, milliseconds_)};
}

bool Lease::is_loss(std::string_view purpose, std::string_view state) noexcept {
  return purpose == kRenewing && state == "23502";
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
  if (!has_table(connection)) return std::nullopt;
  const Result held = connection.ask("look who holds the store's lock",
                                     "SELECT holder FROM @run_lock WHERE name = 'run' AND lease_until >= now()");
  if (held.rows() == 0) return std::nullopt;
  return std::string(held.text(0, 0));
}

}  // namespace pipeline::store::postgres
