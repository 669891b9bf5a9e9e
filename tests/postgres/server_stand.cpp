#include "server_stand.h"

#include "support/sync_stand.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

struct Clear {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};

struct Finish {
  void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
};

using Connection = std::unique_ptr<PGconn, Finish>;
using Result = std::unique_ptr<PGresult, Clear>;

Connection connect(const std::string& server) {
  const bool is_said = server.find("target_session_attrs") != std::string::npos;
  Connection connection(PQconnectdb((server + (is_said ? "" : "&target_session_attrs=primary")).c_str()));
  if (PQstatus(connection.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(connection.get()));
  PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);
  return connection;
}

Result execute(PGconn* connection, const std::string& sql) {
  Result result(PQexec(connection, sql.c_str()));
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
    throw std::runtime_error(sql + ": " + PQerrorMessage(connection));
  return result;
}

std::string without_end_of_line(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace

ServerRows query_server(const std::string& server, const std::string& schema, const std::string& sql) {
  const auto connection = connect(server);
  // In one transaction, so that a pooler gives both to one connection of the server's.
  const auto result = execute(connection.get(), fmt::format("SET LOCAL search_path = {}; {}", schema, sql));
  ServerRows rows;
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    auto& values = rows.emplace_back();
    for (int column = 0; column < PQnfields(result.get()); ++column)
      values.emplace_back(PQgetisnull(result.get(), row, column) != 0 ? "NULL" : PQgetvalue(result.get(), row, column));
  }
  return rows;
}

void query_server_alone(const std::string& server, const std::string& sql) {
  (void)execute(connect(server).get(), sql);
}

std::string server_program(std::vector<std::string> arguments) {
  const TempDir outputs;
  arguments.insert(arguments.begin(), {"/usr/bin/env", "bash", POSTGRES_SERVER});
  const Outcome outcome = Process(arguments, {}, outputs.path()).wait();
  if (outcome.exit_code != 0) throw std::runtime_error(outcome.err);
  return without_end_of_line(outcome.out);
}

pid_t postmaster_of(const fs::path& folder) {
  std::ifstream file(folder / "data/postmaster.pid");
  pid_t postmaster = 0;
  if (!(file >> postmaster)) throw std::runtime_error("no postmaster");
  return postmaster;
}

std::optional<std::string> shared_server() {
  const char* address = std::getenv("PIPELINE_TEST_POSTGRES");
  return address == nullptr ? std::nullopt : std::optional<std::string>(address);
}

OwnServer::OwnServer() : address_(server_program({"start", folder_.path().string()})) {}

OwnServer::~OwnServer() {
  try {
    (void)server_program({"stop", folder_.path().string()});
  } catch (const std::exception&) {  // it has ended already
  }
}

// Its children end by themselves when they see that it is gone.
void OwnServer::kill() const {
  ::kill(postmaster_of(folder_.path()), SIGKILL);
}

void OwnServer::start() const {
  (void)server_program({"again", folder_.path().string()});
}

ServerStand::ServerStand(const std::string& server)
    : server_(server),
      schema_(fmt::format("test_{:x}", std::hash<std::string>()(folder_.path().string()))),
      db_(fmt::format("{}&schema={}", server, schema_)) {
  environment = {{"PIPELINE_DB", db_}, {"PIPELINE_METRICS_DIR", (folder_ / "metrics").string()}};
}

ServerStand::~ServerStand() {
  try {
    (void)query(fmt::format("DROP SCHEMA IF EXISTS {} CASCADE", schema_));
  } catch (const std::exception&) {  // the server went before
  }
}

Process ServerStand::start(const std::vector<std::string>& arguments) const {
  std::vector<std::string> all{pipeline_binary()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return Process(all, environment, folder_.path());
}

nlohmann::json ServerStand::json(std::vector<std::string> arguments) const {
  arguments.emplace_back("--json");
  const Outcome outcome = run(arguments);
  auto json = nlohmann::json::parse(outcome.out, nullptr, false);
  if (json.is_discarded()) throw std::runtime_error("no JSON; standard error was:\n" + outcome.err);
  return json;
}

fs::path ServerStand::file(const std::string& name, const std::string& bytes) const {
  fs::path file = folder_ / name;
  std::ofstream(file, std::ios::binary) << bytes;
  return file;
}

Outcome ServerStand::upsert(const std::string& rows, std::vector<std::string> options) const {
  options.insert(options.begin(), {"upsert", file("products.jsonl", rows).string(), "--quiet"});
  return run(options);
}

std::string ServerStand::products(int n, int price) {
  std::string rows;
  for (int sku = 1; sku <= n; ++sku)
    rows += fmt::format("{{\"sku\":\"{0}\",\"name\":\"상품 {0}\",\"sale_price\":{1}}}\n", sku, price);
  return rows;
}

// What is under way is waited for: it ends, and leaves its transaction open; or it waits for the rest of what the
// process has begun to send.
void ServerStand::end_open_transactions(const std::string& name) const {
  const std::string of = fmt::format("FROM pg_stat_activity WHERE application_name = '{}' AND", name);
  while (value(fmt::format("SELECT count(*) {} state = 'active' AND wait_event_type IS DISTINCT FROM 'Lock' AND "
                           "wait_event_type IS DISTINCT FROM 'Client'",
                           of)) != "0") {
  }
  (void)query(
      fmt::format("SELECT pg_terminate_backend(pid, 5000) {} "
                  "(state LIKE 'idle in transaction%' OR (state = 'active' AND wait_event_type = 'Client'))",
                  of));
}

std::string ServerStand::value(const std::string& sql) const {
  const ServerRows rows = query(sql);
  return rows.empty() ? "no row" : rows.front().front();
}

}  // namespace pipeline::test
