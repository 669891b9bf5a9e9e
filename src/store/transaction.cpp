#include "pipeline/base/error.h"
#include "pipeline/store/database.h"

#include <fmt/core.h>
#include <sqlite3.h>

namespace pipeline::store {

Transaction::Transaction(Database& database) : database_(database), started_(database.clock_.now()) {
  if (database.mode() == Database::Mode::read_only) {
    throw Error(fmt::format("{}: begin a transaction: the database was opened read-only", database.path().string()));
  }
  database.waited_ = std::chrono::milliseconds(0);
  const int code = sqlite3_exec(database.handle(), "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
  if (database.waited_ > std::chrono::milliseconds(0)) {
    database.metrics_.record(database.lock_wait_seconds_, database.waiting_since_,
                             database.clock_.now() - database.waiting_since_);
    database.conflict_total_.add();
  }
  if (code != SQLITE_OK) database.fail("begin a transaction");
}

Transaction::~Transaction() {
  if (!open_) return;
  // After some errors (disk full among them) SQLite has rolled back by itself.
  if (database_.in_transaction()) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  database_.metrics_.record(database_.txn_seconds_, started_, database_.clock_.now() - started_);
}

void Transaction::commit() {
  if (sqlite3_exec(database_.handle(), "COMMIT", nullptr, nullptr, nullptr) != SQLITE_OK) {
    database_.fail("commit a batch");
  }
  open_ = false;
  database_.metrics_.record(database_.txn_seconds_, started_, database_.clock_.now() - started_);
}

}  // namespace pipeline::store
