#pragma once

namespace pipeline::store::postgres {

class Connection;

// The tables of the runs that are under way: the store's lock, and the round of its package workers. What they hold is
// worth nothing once those have ended, so they are no part of the schema's version, nor of a copy.
//
// Makes them, and the schema, unless they are there.
void make_run_tables(Connection& connection);
// Whether the lock's is there.
[[nodiscard]] bool has_lock_table(Connection& connection);

}  // namespace pipeline::store::postgres
