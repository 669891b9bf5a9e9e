#pragma once

#include "connection.h"

namespace pipeline::store::sqlite {

// BEGIN IMMEDIATE … COMMIT; rolled back unless committed. Waits for another writer as long as the connection's
// patience, timed as db_lock_wait_seconds (only when there was a wait, and then counted in db_conflict_total), then
// throws TryLaterError. The whole, committed or not, is timed as db_txn_seconds. A commit that fails (disk full) throws
// Error; what was committed before is kept.
class Transaction {
 public:
  explicit Transaction(Connection& connection);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  void measure() const;

  Connection& connection_;
  SteadyTime started_;
  bool open_ = true;
};

// Statements that change nothing of the file, as one: the file is locked for reading once, and temporary tables that
// were written are as before unless it is committed. It locks nobody out and makes nothing durable.
class Scope {
 public:
  explicit Scope(Connection& connection);
  ~Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;
  void commit();

 private:
  Connection& connection_;
};

}  // namespace pipeline::store::sqlite
