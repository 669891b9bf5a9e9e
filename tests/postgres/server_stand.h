#pragma once

#include "support/process.h"
#include "support/temp_dir.h"

#include <nlohmann/json.hpp>
#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::test {

// All values as text, NULL as `NULL`.
using ServerRows = std::vector<std::vector<std::string>>;

// A connection of its own each time, to the server that may be written to; the tables of the schema need no name before
// them.
ServerRows query_server(const std::string& server, const std::string& schema, const std::string& sql);

// One statement by itself, for what no transaction may be round.
void query_server_alone(const std::string& server, const std::string& sql);

// The server that scripts/test has started, as an address; absent where there
// is none.
[[nodiscard]] std::optional<std::string> shared_server();

// Calls tests/support/postgres-server. Returns what it printed; throws what it has to say when it fails.
std::string server_program(std::vector<std::string> arguments);
// The server's first process, which leads no group.
[[nodiscard]] pid_t postmaster_of(const std::filesystem::path& folder);

// A server of a test's own, which it may kill and start again. Throws where
// there are no programs of PostgreSQL's.
class OwnServer {
 public:
  OwnServer();
  ~OwnServer();
  OwnServer(const OwnServer&) = delete;
  OwnServer& operator=(const OwnServer&) = delete;

  [[nodiscard]] const std::string& address() const noexcept { return address_; }
  void kill() const;  // kill -9: the postmaster and all its children
  void start() const;

 private:
  TempDir folder_;
  std::string address_;
};

// The real executable with a store of its own on a server. The store is a
// schema, which goes with this.
class ServerStand {
 public:
  explicit ServerStand(const std::string& server);
  ~ServerStand();
  ServerStand(const ServerStand&) = delete;
  ServerStand& operator=(const ServerStand&) = delete;

  // What follows `pipeline`; database and metrics folder are given in the
  // environment.
  [[nodiscard]] Process start(const std::vector<std::string>& arguments) const;
  [[nodiscard]] Outcome run(const std::vector<std::string>& arguments) const { return start(arguments).wait(); }
  // The same, and the JSON that came back. Throws what came on standard error
  // when there is none.
  [[nodiscard]] nlohmann::json json(std::vector<std::string> arguments) const;
  [[nodiscard]] std::filesystem::path file(const std::string& name, const std::string& bytes) const;  // in folder()
  [[nodiscard]] Outcome upsert(const std::string& rows, std::vector<std::string> options = {}) const;
  [[nodiscard]] static std::string products(int n, int price);  // as JSON Lines, with the SKUs 1 to n

  ServerRows query(const std::string& sql) const { return query_server(server_, schema_, sql); }
  [[nodiscard]] std::string value(const std::string& sql) const;  // the first of the first row; `no row`

  // What the server does by itself, after the time of a lease: ends what a process that sleeps has begun. Of those that
  // it knows by this name (PGAPPNAME).
  void end_open_transactions(const std::string& name) const;

  [[nodiscard]] const std::string& db() const noexcept { return db_; }
  [[nodiscard]] const std::string& schema() const noexcept { return schema_; }
  [[nodiscard]] const TempDir& folder() const noexcept { return folder_; }

  Process::Environment environment;

 private:
  TempDir folder_;
  std::string server_;
  std::string schema_;
  std::string db_;
};

}  // namespace pipeline::test
