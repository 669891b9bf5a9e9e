#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/metrics/metrics.h"

#include "address.h"
#include "result.h"
#include "server_error.h"
#include "values.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;
struct pg_result;

namespace pipeline::store::postgres {

class Lease;
class Transaction;

// One statement on its way. `purpose` completes an error message ("look up a product"). In the SQL `@name` is the
// table NAME of the store's schema.
struct Statement {
  std::string_view purpose;
  std::string_view sql;
  Values values{};
};

// One connection to a server, for one thread at a time. What is asked in one call is one round trip, whatever its
// size, and of one moment. Statements have no names, and nothing is set for the session: a pooler that gives each
// transaction another server connection may stand between.
//
// A connection that is lost is made anew, and what was asked is asked again, as long as `patience`; then, and when the
// server refuses, Error is thrown, naming the database and the purpose; TryLaterError when others hold what is needed.
class Connection {
 public:
  // any_schema: for reading, also of an older version. bare: whatever is there, which is left as it is.
  enum class Mode { read_write, read_only, any_schema, bare };

  // The clock and the metrics are borrowed; without metrics nothing is measured. A store that is written to is made if
  // need be, and brought up to date. One that is to be read need not be there: has_store().
  // `lease`: of the run that holds the store's lock; it is renewed in each transaction.
  Connection(const Address& address, Mode mode, const Clock& clock, metrics::Metrics* metrics,
             std::chrono::milliseconds patience, std::shared_ptr<Lease> lease = nullptr);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] Result ask(std::string_view purpose, std::string_view sql, Values values = {});
  [[nodiscard]] std::vector<Result> ask(std::span<const Statement> statements);
  // The same for one whose values are long arrays: it is planned without a look at them.
  [[nodiscard]] Result ask_batch(const Statement& statement);

  // The rows of one moment, so many at a time, over a connection of their own: the sink may use this one.
  void each_row(std::string_view purpose, std::string_view sql, const Values& values,
                const std::function<void(const Row&)>& sink);

  // One transaction: all that the work asks, durable when this returns; nothing when it throws. The work is done again
  // as a whole when the connection was lost or another transaction came between: it begins by reading, and finds what
  // an attempt whose answer was lost has left. Not in a store that was opened for reading.
  void write(const std::function<void(Transaction&)>& work) { write(work, Among::others); }
  // The same, with no other transaction of this kind under way from its first statement on: what it has read of the
  // products is still so when it writes them. The run's lease sees to that, or without one a lock of its own.
  void write_alone(const std::function<void(Transaction&)>& work) { write(work, Among::none); }

  [[nodiscard]] const Address& address() const noexcept { return address_; }
  [[nodiscard]] const std::string& name() const noexcept { return address_.name; }
  [[nodiscard]] bool is_encrypted() const noexcept;
  // False only of one that was to be read, and is not there.
  [[nodiscard]] bool has_store() const noexcept { return has_store_; }
  [[nodiscard]] Mode mode() const noexcept { return mode_; }
  [[nodiscard]] const Clock& clock() const noexcept { return clock_; }
  [[nodiscard]] std::chrono::milliseconds patience() const noexcept { return patience_; }
  // Of the run; null: it has none.
  [[nodiscard]] const Lease* lease() const noexcept { return lease_.get(); }
  // That it has made so far: what a slow network makes dear.
  [[nodiscard]] std::int64_t round_trips() const noexcept { return round_trips_; }

  // Times the rows of a batch, without its commit, until it goes.
  [[nodiscard]] std::unique_ptr<metrics::ScopedTimer> time_rows() const;

 private:
  friend class Transaction;
  enum class Among { others, none };
  struct Finish {
    void operator()(pg_conn* connection) const noexcept;
  };
  struct Meters {
    metrics::Metrics& all;
    metrics::Timer transaction;
    metrics::Timer lock_wait;
    metrics::Counter conflicts;
    metrics::Timer rows;
  };
  using Handle = std::unique_ptr<pg_conn, Finish>;
  // One that can't be reached is not connected. `which`: of libpq's target_session_attrs.
  [[nodiscard]] Handle reach(const char* which) const;
  void connect();
  void find_store();
  void disconnect() noexcept { handle_.reset(); }
  void persist(const std::function<void()>& attempt);
  void write(const std::function<void(Transaction&)>& work, Among among);
  [[nodiscard]] std::vector<Result> send(std::span<const Statement> statements);
  void put(const Statement& statement);
  [[nodiscard]] std::vector<Result> receive(std::span<const std::string_view> purposes);
  void roll_back(Transaction& transaction) noexcept;
  void add_batch_planning(std::vector<Statement>& statements) const;
  [[nodiscard]] ServerError error_of(std::string_view purpose, const pg_result* result) const;
  [[noreturn]] void fail(std::string_view purpose, const pg_result* result);
  [[nodiscard]] std::string with_tables(std::string_view sql) const;

  const Address address_;
  const Mode mode_;
  const Clock& clock_;
  const std::chrono::milliseconds patience_;
  const std::shared_ptr<Lease> lease_;
  std::optional<Meters> meters_;
  // Of each transaction: how long it waits for others; and for how long, once the client says nothing more (its machine
  // is gone), it keeps others waiting.
  const std::string limits_;
  bool has_store_ = true;
  std::int64_t round_trips_ = 0;
  Handle handle_;
};

// A transaction that Connection::write() has begun.
class Transaction {
 public:
  // One round trip. The first begins the transaction, too.
  [[nodiscard]] Result ask(std::string_view purpose, std::string_view sql, Values values = {});
  std::vector<Result> ask(std::vector<Statement> statements);
  // Sends them without waiting: the server works on them while the next ones are made. What goes wrong with them, ask()
  // or commit() tells.
  void send(std::vector<Statement> statements);
  // The last one, which commits as well. Without it write() commits, in a round trip of its own.
  std::vector<Result> commit(std::vector<Statement> statements = {});

 private:
  friend class Connection;
  Transaction(Connection& connection, Connection::Among among) noexcept : connection_(connection), among_(among) {}
  void begin();
  void put(const std::vector<Statement>& statements);
  [[nodiscard]] std::vector<Result> receive(std::size_t last);

  Connection& connection_;
  const Connection::Among among_;
  std::vector<std::string_view> under_way_;  // the purposes of what was sent, and not answered yet
  bool begun_ = false;
  bool committed_ = false;
};

}  // namespace pipeline::store::postgres
