#include "inspection.h"

#include "pipeline/base/error.h"

#include "connection.h"
#include "lease.h"
#include "refusal.h"
#include "schema.h"
#include "source_identity.h"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <utility>

namespace pipeline::store::postgres {
namespace {

constexpr std::chrono::milliseconds kInspectionPatience{500};

// The user, whether the server is a standby, whether its sessions may only read, whether the user has the rights to
// write, and whether the store is there. All tables are the nightly user's: who may insert products may write them.
constexpr std::string_view kMayWrite =
    "SELECT current_user::text, pg_catalog.pg_is_in_recovery(), current_setting('transaction_read_only') = 'on', "
    "CASE WHEN t.oid IS NOT NULL THEN has_schema_privilege(s.oid, 'USAGE') AND has_table_privilege(t.oid, 'INSERT') "
    "WHEN s.oid IS NOT NULL THEN has_schema_privilege(s.oid, 'CREATE') "
    "ELSE has_database_privilege(current_database(), 'CREATE') END, t.oid IS NOT NULL "
    "FROM (VALUES (1)) AS one LEFT JOIN pg_catalog.pg_namespace AS s ON s.nspname = $1 "
    "LEFT JOIN pg_catalog.pg_class AS t ON t.relnamespace = s.oid AND t.relname = 'products' AND t.relkind = 'r'";

// Its name and version without what it was compiled by; connections that are kept for its administrators are not free.
constexpr std::string_view kServerFacts =
    "SELECT substring(version() from '^[^ ]+ [^ ,]+'), "
    "current_setting('max_connections')::bigint - current_setting('superuser_reserved_connections')::bigint "
    "- (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE datid IS NOT NULL), "
    "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

// As another schema holds it. Of a newer version, or without the right to read it, whose it is can't be told.
std::optional<Twin> as_twin(const Address& address, const catalogue::SourceIdentity& owner, const Clock& clock) {
  try {
    Connection connection(address, Connection::Mode::any_schema, clock, nullptr, kInspectionPatience);
    const auto other = read_identity(connection, owner.source);
    if (!other || other->digest != owner.digest) return std::nullopt;
    const Result last = connection.ask("look up the last run", "SELECT max(started_at) FROM @runs");
    return Twin{address.name, Row(last, 0).time_or_none(0)};
  } catch (const Error&) {
    return std::nullopt;
  }
}

class ServerInspection final : public Inspection {
 public:
  ServerInspection(Address address, const Clock& clock) : address_(std::move(address)), clock_(clock) {}

  [[nodiscard]] SchemaVersion version() override;
  // Whether its files are whole the server sees by itself.
  [[nodiscard]] Damage look_through(SteadyTime) override { return {}; }
  [[nodiscard]] Room room() override;
  void check_writable() override;
  [[nodiscard]] PlaceTrial try_place() override { return PlaceTrial::fit; }
  [[nodiscard]] std::optional<std::string> holder() override;
  [[nodiscard]] ServerFacts server() override;
  [[nodiscard]] bool has_foreign_log(SteadyTime) override { return false; }
  [[nodiscard]] std::vector<std::filesystem::path> litter() override { return {}; }
  [[nodiscard]] std::vector<Twin> twins(std::string_view source) override;

 private:
  [[nodiscard]] Connection connect() const {
    return {address_, Connection::Mode::any_schema, clock_, nullptr, kInspectionPatience};
  }

  const Address address_;
  const Clock& clock_;
};

SchemaVersion ServerInspection::version() {
  Connection connection = connect();
  return {schema_version(connection), kSchemaVersion};
}

Room ServerInspection::room() {
  Connection connection = connect();
  return {.database = size_of_store(connection)};
}

void ServerInspection::check_writable() {
  Connection connection = connect();
  const Result server = connection.ask("ask what may be written", kMayWrite, Values::of(address_.schema));
  const Row may(server, 0);
  const std::string user(may.text(0));
  if (may.integer(1) != 0)
    throw Error(fmt::format("{}: the server is read-only, as a standby is: name the server that it follows with --db",
                            address_.name));
  if (may.integer(2) != 0) refuse_to_write(address_);
  const bool is_there = may.integer(4) != 0;
  if (!is_there) check_encoding(connection);
  if (may.integer(3) != 0) return;
  if (is_there)
    throw Error(fmt::format("{}: the user {} may not write to the store's tables: docs/postgresql.md has the GRANTs",
                            address_.name, user));
  throw Error(
      fmt::format("{}: the user {} may not make the store: docs/postgresql.md has the GRANTs", address_.name, user));
}

std::optional<std::string> ServerInspection::holder() {
  Connection connection = connect();
  return holder_of_lease(connection);
}

ServerFacts ServerInspection::server() {
  Connection connection = connect();
  const WallTime before = clock_.wall();
  const Result told = connection.ask("ask for the server's state", kServerFacts);
  const WallTime after = clock_.wall();
  const Row row(told, 0);
  return {.version = std::string(row.text(0)),
          .is_encrypted = connection.is_encrypted(),
          .free_connections = row.integer(1),
          .clock_ahead = row.time(2) - (before + (after - before) / 2)};
}

// Other schemas of the same database.
std::vector<Twin> ServerInspection::twins(std::string_view source) {
  Connection connection = connect();
  std::vector<Twin> twins;
  const auto owner = read_identity(connection, source);
  if (!owner) return twins;
  const Result others = connection.ask(
      "look for other stores",
      "SELECT schemaname FROM pg_catalog.pg_tables WHERE tablename = 'schema_version' AND schemaname <> $1 "
      "AND has_schema_privilege(schemaname, 'USAGE') ORDER BY schemaname",
      Values::of(address_.schema));
  for (int row = 0; row < others.rows(); ++row)
    if (auto twin = as_twin(address_.with_schema(others.text(row, 0)), *owner, clock_)) twins.push_back(*twin);
  return twins;
}

}  // namespace

std::unique_ptr<Inspection> inspect_server(const Address& address, const Clock& clock) {
  return std::make_unique<ServerInspection>(address, clock);
}

}  // namespace pipeline::store::postgres
