#pragma once

#include "support/process.h"
#include "support/temp_dir.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct pg_conn;

namespace pipeline::test {

// All values as text, NULL as `NULL`.
using ServerRows = std::vector<std::vector<std::string>>;

// The server that scripts/test has started, as an address; absent where there
// is none.
[[nodiscard]] std::optional<std::string> shared_server();

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

  // A connection of its own each time; the store's tables need no schema before
  // them.
  ServerRows query(const std::string& sql) const;
  [[nodiscard]] std::string value(const std::string& sql) const;  // the first of the first row; `no row`

  [[nodiscard]] const std::string& db() const noexcept { return db_; }
  [[nodiscard]] const std::string& schema() const noexcept { return schema_; }
  [[nodiscard]] const TempDir& folder() const noexcept { return folder_; }

  Process::Environment environment;

 private:
  struct Finish {
    void operator()(pg_conn* connection) const noexcept;
  };
  [[nodiscard]] std::unique_ptr<pg_conn, Finish> connect() const;

  TempDir folder_;
  std::string server_;
  std::string schema_;
  std::string db_;
};

}  // namespace pipeline::test
