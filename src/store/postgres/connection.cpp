#include "connection.h"

#include "pipeline/base/error.h"
#include "pipeline/base/log.h"
#include "pipeline/base/text.h"

#include "lease.h"
#include "libpq_options.h"
#include "refusal.h"
#include "schema.h"
#include "server_error.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <thread>
#include <utility>

namespace pipeline::store::postgres {
namespace {

constexpr std::chrono::milliseconds kFirstPause{50};
constexpr std::chrono::milliseconds kLongestPause{2'000};
// The server itself holds locks for moments, as when a table grows: to meet one is not to wait for another run.
constexpr std::chrono::milliseconds kLeastLockWait{1'000};
constexpr int kRowsAtATime = 1'000;
constexpr const char* kPrimary = "primary";  // of libpq's target_session_attrs: one that may be written to

std::string field_of(const PGresult* result, int field) {
  const char* text = PQresultErrorField(result, field);
  return text == nullptr ? std::string() : std::string(text);
}

// What a server says beside its answers. A warning tells of something that it could not do as it was asked.
void hear_notice(void*, const PGresult* notice) {
  const bool is_warning = field_of(notice, PG_DIAG_SEVERITY_NONLOCALIZED) == "WARNING";
  log::write(is_warning ? log::Level::warn : log::Level::debug,
             fmt::format("the database server says: {}", field_of(notice, PG_DIAG_MESSAGE_PRIMARY)));
}

// What a server tells of itself as it lets us in; not each does.
bool is_on(PGconn* connection, const char* parameter) {
  const char* value = PQparameterStatus(connection, parameter);
  return value != nullptr && std::string_view(value) == "on";
}

}  // namespace

void Connection::Finish::operator()(pg_conn* connection) const noexcept {
  PQfinish(connection);
}

Connection::Connection(const Address& address, Mode mode, const Clock& clock, metrics::Metrics* metrics,
                       std::chrono::milliseconds patience, std::shared_ptr<Lease> lease)
    : address_(address),
      mode_(mode),
      clock_(clock),
      patience_(patience),
      lease_(std::move(lease)),
      limits_(fmt::format("SELECT set_config('lock_timeout', '{}', true), "
                          "set_config('idle_in_transaction_session_timeout', '{}', true)",
                          std::max(patience, kLeastLockWait).count(), (lease_ ? lease_->time() : kLeaseTime).count())) {
  if (metrics != nullptr)
    meters_.emplace(Meters{*metrics, metrics->timer("db_txn_seconds"), metrics->timer("db_lock_wait_seconds"),
                           metrics->counter("db_conflict_total"), metrics->timer("db_upsert_seconds")});
  persist([] {});
  if (mode_ == Mode::read_write) migrate(*this);
  if (mode_ == Mode::read_only) find_store();
}

Connection::~Connection() = default;

bool Connection::is_encrypted() const noexcept {
  return PQsslInUse(handle_.get()) != 0;
}

Connection::Handle Connection::reach(const char* which) const {
  LibpqOptions options(address_);
  if (which != nullptr) options.add("target_session_attrs", which);
  options.close();
  return Handle(PQconnectdbParams(options.keys.data(), options.values.data(), 0));
}

// A standby lags behind: who reads asks the server that it follows, where the address names that one as well.
void Connection::connect() {
  const bool writes = mode_ == Mode::read_write || mode_ == Mode::bare;
  Handle handle = reach(writes ? kPrimary : nullptr);
  if (PQstatus(handle.get()) != CONNECTION_OK) refuse(address_, handle.get());
  if (writes && is_on(handle.get(), "default_transaction_read_only")) refuse_to_write(address_);
  if (!writes && is_on(handle.get(), "in_hot_standby") && !address_.says("target_session_attrs"))
    if (Handle primary = reach(kPrimary); PQstatus(primary.get()) == CONNECTION_OK) handle = std::move(primary);
  handle_ = std::move(handle);
  PQsetNoticeReceiver(handle_.get(), hear_notice, nullptr);
  PQenterPipelineMode(handle_.get());
}

void Connection::find_store() {
  const auto found = schema_version(*this);
  has_store_ = found > 0;
  if (has_store_ && found < kSchemaVersion)
    throw Error(fmt::format("{} has schema {}, this program needs {}: let a run that writes bring it up to date first",
                            name(), found, kSchemaVersion));
}

// Does it again until it passes, or patience ends.
void Connection::persist(const std::function<void()>& attempt) {
  const auto until = std::chrono::steady_clock::now() + patience_;
  for (auto pause = kFirstPause;; pause = std::min(2 * pause, kLongestPause)) {
    try {
      if (!handle_) connect();
      return attempt();
    } catch (const ServerError& error) {
      if (error.is_connection_lost()) disconnect();
      if (error.is_lock_timeout())
        throw TryLaterError(fmt::format("{}: others are writing to it: try again", error.what()));
      if (!error.may_pass()) throw;
      if (std::chrono::steady_clock::now() + pause > until) {
        if (error.is_connection_lost() || error.is_full()) throw TryLaterError(error.what());
        throw;
      }
      log::write(log::Level::debug, fmt::format("{}: trying again in {} ms", error.what(), pause.count()));
      if (meters_) {
        meters_->all.record(meters_->lock_wait, clock_.now(), pause);
        meters_->conflicts.add();
      }
      std::this_thread::sleep_for(pause);
    }
  }
}

Result Connection::ask(std::string_view purpose, std::string_view sql, Values values) {
  const Statement statement{purpose, sql, std::move(values)};
  return std::move(ask(std::span(&statement, 1)).front());
}

std::vector<Result> Connection::ask(std::span<const Statement> statements) {
  std::vector<Result> answers;
  persist([&] { answers = send(statements); });
  return answers;
}

// Planned for each call, a statement's arrays are copied several times; a plan that knows nothing of them goes by the
// index, which is right for a batch.
void Connection::add_batch_planning(std::vector<Statement>& statements) const {
  constexpr int kSince = 12'00'00;
  const bool has_setting =
      PQserverVersion(handle_.get()) >= kSince && PQparameterStatus(handle_.get(), "crdb_version") == nullptr;
  if (has_setting) statements.push_back({"choose how to plan", "SET LOCAL plan_cache_mode = force_generic_plan"});
}

Result Connection::ask_batch(const Statement& statement) {
  std::optional<Result> answer;
  persist([&] {
    std::vector<Statement> statements{{statement.purpose, "BEGIN READ ONLY"}};
    add_batch_planning(statements);
    statements.push_back(statement);
    statements.push_back({statement.purpose, "COMMIT"});
    auto answers = send(statements);
    answer.emplace(std::move(answers[answers.size() - 2]));
  });
  return std::move(*answer);
}

std::vector<Result> Connection::send(std::span<const Statement> statements) {
  std::vector<std::string_view> purposes;
  for (const Statement& statement : statements) {
    put(statement);
    purposes.push_back(statement.purpose);
  }
  return receive(purposes);
}

void Connection::put(const Statement& statement) {
  const Values::Arrays values = statement.values.arrays();
  const int sent =
      PQsendQueryParams(handle_.get(), with_tables(statement.sql).c_str(), statement.values.size(), values.types.data(),
                        values.values.data(), values.lengths.data(), values.formats.data(), 1);
  if (sent == 0) fail(statement.purpose, nullptr);
}

// Of all that was put, to the end.
std::vector<Result> Connection::receive(std::span<const std::string_view> purposes) {
  PGconn* const connection = handle_.get();
  if (PQpipelineSync(connection) == 0) fail(purposes.front(), nullptr);
  ++round_trips_;
  std::vector<Result> answers;
  answers.reserve(purposes.size());
  std::optional<ServerError> failure;
  for (const std::string_view purpose : purposes) {
    Result answer(PQgetResult(connection));
    const auto status = answer.status();
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
      answers.push_back(std::move(answer));
    } else if (status != PGRES_PIPELINE_ABORTED && !failure) {
      failure.emplace(error_of(purpose, answer.get()));
    }
    if (status == PGRES_FATAL_ERROR && PQstatus(connection) != CONNECTION_OK) throw *failure;
    while (const Result end{PQgetResult(connection)}) {
    }
  }
  if (const Result sync(PQgetResult(connection)); !sync || sync.status() != PGRES_PIPELINE_SYNC)
    fail(purposes.front(), sync.get());
  if (failure) throw *failure;
  return answers;
}

ServerError Connection::error_of(std::string_view purpose, const pg_result* result) const {
  std::string state = result == nullptr ? std::string() : field_of(result, PG_DIAG_SQLSTATE);
  std::string why = result == nullptr ? std::string() : field_of(result, PG_DIAG_MESSAGE_PRIMARY);
  if (why.empty()) why = in_one_line(PQerrorMessage(handle_.get()));
  if (Lease::is_loss(purpose, state))
    return {fmt::format("{}: another run has taken the store over, since this one was silent for too long (a machine "
                        "asleep, or cut off): this one ends here, and nothing of this batch is written",
                        name()),
            std::move(state)};
  if (state == "42501")
    return {
        fmt::format("{}: {}: {}: the user lacks the right (docs/postgresql.md has the GRANTs)", name(), purpose, why),
        std::move(state)};
  if (state == "57014")
    return {fmt::format("{}: {}: {}: if statement_timeout is set for this user, let the server's operator raise it",
                        name(), purpose, why),
            std::move(state)};
  if (state.starts_with("53") && state != "53300")
    return {fmt::format("{}: {}: {}: make room on the server, then run again", name(), purpose, why), std::move(state)};
  return {fmt::format("{}: {}: {}", name(), purpose, why), std::move(state)};
}

void Connection::fail(std::string_view purpose, const pg_result* result) {
  throw error_of(purpose, result);
}

std::string Connection::with_tables(std::string_view sql) const {
  std::string text;
  text.reserve(sql.size() + 64);
  for (const char c : sql) {
    if (c == '@')
      text.append(1, '"').append(address_.schema).append("\".");  // which may be a word of SQL, such as `user`
    else
      text += c;
  }
  return text;
}

// A transaction of its own holds the cursor: all rows are of one moment, and never all in memory. Who writes reads
// where he writes, and not from a standby that lags.
void Connection::each_row(std::string_view purpose, std::string_view sql, const Values& values,
                          const std::function<void(const Row&)>& sink) {
  const bool writes = mode_ == Mode::read_write || mode_ == Mode::bare;
  Connection reader(address_, writes ? Mode::bare : Mode::any_schema, clock_, nullptr, patience_);
  const std::string declare = fmt::format("DECLARE rows NO SCROLL CURSOR FOR {}", sql);
  const std::string fetch = fmt::format("FETCH {} FROM rows", kRowsAtATime);
  const Statement begin[] = {
      {purpose, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}, {purpose, declare, values}, {purpose, fetch}};
  auto answers = reader.ask(begin);
  Result rows = std::move(answers.back());
  while (rows.rows() > 0) {
    for (int row = 0; row < rows.rows(); ++row) sink({rows, row});
    if (rows.rows() < kRowsAtATime) break;
    const Statement more{purpose, fetch};
    rows = std::move(reader.send(std::span(&more, 1)).front());
  }
}

void Connection::write(const std::function<void(Transaction&)>& work, Among among) {
  if (mode_ == Mode::read_only || mode_ == Mode::any_schema)
    throw Error(fmt::format("{}: begin a transaction: the database was opened read-only", name()));
  const auto began = clock_.now();
  persist([&] {
    Transaction transaction(*this, among);
    try {
      work(transaction);
      if (!transaction.committed_) (void)transaction.commit();
    } catch (...) {
      roll_back(transaction);
      throw;
    }
  });
  if (meters_) meters_->all.record(meters_->transaction, began, clock_.now() - began);
}

// What failed has been answered; what else is under way is read first, whatever became of it.
void Connection::roll_back(Transaction& transaction) noexcept {
  if (!transaction.begun_ || !handle_) return;
  try {
    if (!transaction.under_way_.empty()) (void)transaction.receive(0);
  } catch (const std::exception&) {
  }
  try {
    const Statement statement{"roll back", "ROLLBACK"};
    (void)send(std::span(&statement, 1));
  } catch (const std::exception&) {
    disconnect();
  }
}

std::unique_ptr<metrics::ScopedTimer> Connection::time_rows() const {
  return meters_ ? std::make_unique<metrics::ScopedTimer>(meters_->all, meters_->rows, metrics::Tags{}) : nullptr;
}

Result Transaction::ask(std::string_view purpose, std::string_view sql, Values values) {
  std::vector<Statement> one;
  one.push_back({purpose, sql, std::move(values)});
  return std::move(ask(std::move(one)).back());
}

std::vector<Result> Transaction::ask(std::vector<Statement> statements) {
  put(statements);
  return receive(statements.size());
}

void Transaction::send(std::vector<Statement> statements) {
  put(statements);
}

std::vector<Result> Transaction::commit(std::vector<Statement> statements) {
  statements.push_back({"commit", "COMMIT"});
  put(statements);
  auto answers = receive(statements.size());
  committed_ = true;
  answers.pop_back();
  return answers;
}

void Transaction::put(const std::vector<Statement>& statements) {
  if (!begun_) begin();
  for (const Statement& statement : statements) {
    connection_.put(statement);
    under_way_.push_back(statement.purpose);
  }
}

// What the last ones answered.
std::vector<Result> Transaction::receive(std::size_t last) {
  auto answers = connection_.receive(std::exchange(under_way_, {}));
  answers.erase(answers.begin(), answers.end() - static_cast<std::ptrdiff_t>(last));
  return answers;
}

void Transaction::begin() {
  begun_ = true;
  std::vector<Statement> first;
  first.push_back({"begin a transaction", "BEGIN"});
  first.push_back({"begin a transaction", connection_.limits_});
  if (among_ == Connection::Among::none) connection_.add_batch_planning(first);
  if (connection_.lease_)
    first.push_back(connection_.lease_->renewal());
  else if (among_ == Connection::Among::none)
    first.push_back({"wait for another writer", "SELECT 1 FROM @schema_version FOR UPDATE"});
  put(first);
}

}  // namespace pipeline::store::postgres
