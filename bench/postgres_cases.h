#pragma once

#include "cases.h"

namespace pipeline::bench {

// The executable's upsert into a store on a PostgreSQL server of its own, on this machine, against the best batched SQL
// alone on the same server: rates are rows by the wall time of the whole process, in turns, each ratio of one round.
void postgres_first_load(const Trial& trial);  // into an empty store
void postgres_unchanged(const Trial& trial);   // the same file again, and what it leaves in the server's log
void postgres_scattered(const Trial& trial);   // changed rows in random order into a large table

}  // namespace pipeline::bench
