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

Outcome server_program(const std::string& command, const fs::path& folder) {
  const TempDir outputs;
  return Process({"/usr/bin/env", "bash", POSTGRES_SERVER, command, folder.string()}, {}, outputs.path()).wait();
}

std::string without_end_of_line(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace

std::optional<std::string> shared_server() {
  const char* address = std::getenv("PIPELINE_TEST_POSTGRES");
  return address == nullptr ? std::nullopt : std::optional<std::string>(address);
}

OwnServer::OwnServer() {
  const Outcome started = server_program("start", folder_.path());
  if (started.exit_code != 0) throw std::runtime_error(started.err);
  address_ = without_end_of_line(started.out);
}

OwnServer::~OwnServer() {
  (void)server_program("stop", folder_.path());
}

// The first line of postmaster.pid is its process, which leads no group: its
// children end by themselves when they see that it is gone.
void OwnServer::kill() const {
  std::ifstream file(folder_.path() / "data/postmaster.pid");
  pid_t postmaster = 0;
  if (!(file >> postmaster)) throw std::runtime_error("no postmaster");
  ::kill(postmaster, SIGKILL);
}

void OwnServer::start() const {
  const Outcome started = server_program("again", folder_.path());
  if (started.exit_code != 0) throw std::runtime_error(started.err);
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

void ServerStand::Finish::operator()(pg_conn* connection) const noexcept {
  PQfinish(connection);
}

std::unique_ptr<pg_conn, ServerStand::Finish> ServerStand::connect() const {
  std::unique_ptr<pg_conn, Finish> connection(PQconnectdb(server_.c_str()));
  if (PQstatus(connection.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(connection.get()));
  PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);
  return connection;
}

// In one transaction, so that a pooler gives both to one connection of the server's.
ServerRows ServerStand::query(const std::string& sql) const {
  const auto connection = connect();
  const std::unique_ptr<PGresult, Clear> result(
      PQexec(connection.get(), fmt::format("SET LOCAL search_path = {}; {}", schema_, sql).c_str()));
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
    throw std::runtime_error(sql + ": " + PQerrorMessage(connection.get()));
  ServerRows rows;
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    auto& values = rows.emplace_back();
    for (int column = 0; column < PQnfields(result.get()); ++column)
      values.emplace_back(PQgetisnull(result.get(), row, column) != 0 ? "NULL" : PQgetvalue(result.get(), row, column));
  }
  return rows;
}

std::string ServerStand::value(const std::string& sql) const {
  const ServerRows rows = query(sql);
  return rows.empty() ? "no row" : rows.front().front();
}

}  // namespace pipeline::test
