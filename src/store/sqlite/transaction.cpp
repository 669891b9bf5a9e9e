#include "transaction.h"

#include "pipeline/base/error.h"

#include <fmt/core.h>
#include <sqlite3.h>

namespace pipeline::store::sqlite {
namespace {

// After some errors (disk full among them) SQLite has rolled back by itself.
void roll_back(const Connection& connection) noexcept {
  if (connection.in_transaction()) sqlite3_exec(connection.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

}  // namespace

Transaction::Transaction(Connection& connection) : connection_(connection), started_(connection.clock_.now()) {
  if (connection.mode() != Connection::Mode::read_write) {
    throw Error(fmt::format("{}: begin a transaction: the database was opened read-only", connection.path().string()));
  }
  connection.waited_ = std::chrono::milliseconds(0);
  const int code = sqlite3_exec(connection.handle(), "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
  if (connection.waited_ > std::chrono::milliseconds(0) && connection.meters_) {
    auto& meters = *connection.meters_;
    meters.all.record(meters.lock_wait, connection.waiting_since_, connection.clock_.now() - connection.waiting_since_);
    meters.conflicts.add();
  }
  if (code != SQLITE_OK) connection.fail("begin a transaction");
}

Transaction::~Transaction() {
  if (!open_) return;
  roll_back(connection_);
  measure();
}

void Transaction::commit() {
  connection_.execute("commit a batch", "COMMIT");
  open_ = false;
  measure();
}

void Transaction::measure() const {
  if (const auto& meters = connection_.meters_)
    meters->all.record(meters->transaction, started_, connection_.clock_.now() - started_);
}

Scope::Scope(Connection& connection) : connection_(connection) {
  connection_.execute("begin to read", "BEGIN");
}

Scope::~Scope() {
  roll_back(connection_);
}

void Scope::commit() {
  connection_.execute("end reading", "COMMIT");
}

}  // namespace pipeline::store::sqlite
