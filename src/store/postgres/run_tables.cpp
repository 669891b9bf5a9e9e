#include "run_tables.h"

#include "connection.h"
#include "schema.h"

#include <array>
#include <string_view>
#include <vector>

namespace pipeline::store::postgres {
namespace {

constexpr std::array kRunTables = {
    // `run`: the run that is alone with the store; it stays, and is the gate that changes of a round go through one by
    // one. Beside it a row for each package worker.
    "CREATE TABLE IF NOT EXISTS @run_lock (name text PRIMARY KEY, token bigint NOT NULL, holder text NOT NULL, "
    "lease_until timestamptz NOT NULL)",

    // The round, if there is one: at most one row. broken_off: its workers were gone, and a run was alone with the
    // store.
    "CREATE TABLE IF NOT EXISTS @package_round (round text PRIMARY KEY, kind text NOT NULL, stage bigint NOT NULL, "
    "entries bigint[] NOT NULL, planner text, broken_off boolean NOT NULL DEFAULT false)",
    "CREATE TABLE IF NOT EXISTS @package_workers (worker text PRIMARY KEY)",

    // content_id: of a post on whose pictures it was decided.
    "CREATE TABLE IF NOT EXISTS @package_posts (place bigint PRIMARY KEY, stage bigint NOT NULL, folder text NOT NULL, "
    "worker text, lost bigint NOT NULL DEFAULT 0, decided boolean NOT NULL DEFAULT false, content_id text, "
    "done boolean NOT NULL DEFAULT false, why text)",
    "CREATE INDEX IF NOT EXISTS package_posts_open ON @package_posts (place) WHERE NOT done",
    "CREATE INDEX IF NOT EXISTS package_posts_taken ON @package_posts (worker) WHERE worker IS NOT NULL AND NOT done",
    "CREATE INDEX IF NOT EXISTS package_posts_undecided ON @package_posts (place) WHERE NOT decided",

    // What a post had before it was decided on, and what it was given.
    "CREATE TABLE IF NOT EXISTS @package_pictures (place bigint NOT NULL, before boolean NOT NULL, "
    "sha256 bytea NOT NULL, perceptual_hash bigint, look bytea, PRIMARY KEY (place, before, sha256))",
    "CREATE INDEX IF NOT EXISTS package_pictures_by_content ON @package_pictures (sha256)",
};

bool has_table(Connection& connection, std::string_view table) {
  return connection
             .ask("look for the store's lock",
                  "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = $1 AND tablename = $2",
                  Values::of(connection.address().schema, table))
             .rows() > 0;
}

}  // namespace

// Twice at the same moment one of them is refused by what is there already: it asks again.
void make_run_tables(Connection& connection) {
  if (has_table(connection, "package_pictures")) return;
  check_encoding(connection);
  make_schema(connection);
  connection.write([&](Transaction& transaction) {
    std::vector<Statement> statements;
    for (const std::string_view table : kRunTables) statements.push_back({"make the table of the store's lock", table});
    (void)transaction.commit(std::move(statements));
  });
}

bool has_lock_table(Connection& connection) {
  return has_table(connection, "run_lock");
}

}  // namespace pipeline::store::postgres
