#include "refusal.h"

#include "pipeline/base/error.h"

#include "libpq_options.h"
#include "server_error.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace pipeline::store::postgres {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kForAnAnswer{10};

struct Finish {
  void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
};

PGPing ping(const Address& address) {
  LibpqOptions options(address);
  options.close();
  return PQpingParams(options.keys.data(), options.values.data(), 0);
}

bool is_ready(int socket, PostgresPollingStatusType wanted, steady_clock::time_point until) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - steady_clock::now());
  pollfd one{.fd = socket, .events = wanted == PGRES_POLLING_READING ? short{POLLIN} : short{POLLOUT}, .revents = 0};
  return left.count() > 0 && ::poll(&one, 1, static_cast<int>(left.count())) > 0;
}

// In libpq's long form of a message: `FATAL:  53300: sorry, too many clients already`.
std::string code_in(std::string_view message) {
  constexpr std::string_view kBefore = ":  ";
  constexpr std::size_t kLetters = 5;
  for (auto at = message.find(kBefore); at != message.npos; at = message.find(kBefore, at + 1)) {
    const std::string_view code = message.substr(at + kBefore.size(), kLetters);
    const auto is_of_code = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); };
    if (code.size() == kLetters && std::ranges::all_of(code, is_of_code) &&
        message.substr(at + kBefore.size() + kLetters).starts_with(": "))
      return std::string(code);
  }
  return {};
}

// What a server that answers says when it is asked once more.
struct Answer {
  bool lets_in = false;
  std::string state;  // the letters of PostgreSQL's table of error codes; empty: it gave none
};

// libpq keeps the code of a refused connection to itself, but in the long form of its message; to ask for that, the
// connection has to be there before it is made.
Answer ask_again(const Address& address) {
  LibpqOptions options(address);
  options.close();
  const std::unique_ptr<PGconn, Finish> connection(PQconnectStartParams(options.keys.data(), options.values.data(), 0));
  PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE);
  const auto until = steady_clock::now() + kForAnAnswer;
  auto next = PQstatus(connection.get()) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  while (next == PGRES_POLLING_WRITING || next == PGRES_POLLING_READING) {
    if (!is_ready(PQsocket(connection.get()), next, until)) return {};
    next = PQconnectPoll(connection.get());
  }
  if (next == PGRES_POLLING_OK) return {.lets_in = true, .state = {}};
  return {.lets_in = false, .state = code_in(PQerrorMessage(connection.get()))};
}

// Of those that libpq itself has, and that stay.
std::string own_refusal(const std::string& name, const std::string& said, PGconn* failed) {
  const auto tells = [&](std::string_view words) { return said.find(words) != said.npos; };
  if (tells("does not match host name"))
    return fmt::format("{}: can't connect: {}: write into --db the name that the server's certificate is for", name,
                       said);
  if (tells("certificate"))
    return fmt::format(
        "{}: can't connect: {}: name the file with the certificate that the server's is signed by: sslrootcert=FILE",
        name, said);
  if (tells("SSL was required"))
    return fmt::format("{}: can't connect: {}: let the server have a certificate (ssl = on)", name, said);
  if (PQconnectionNeedsPassword(failed) != 0)
    return fmt::format(
        "{}: can't connect: {}: put the password into ~/.pgpass, or the file that PGPASSFILE names, as "
        "HOST:PORT:DATABASE:USER:PASSWORD with the host of --db (chmod 600)",
        name, said);
  return {};
}

[[noreturn]] void refuse_as(const std::string& name, const std::string& said, const Answer& answer) {
  if (answer.state == "53300")
    throw ServerError(
        fmt::format("{}: can't connect: {}: all its connections are in use: raise max_connections on the server, or "
                    "put PgBouncer before it",
                    name, said),
        answer.state);
  if (answer.lets_in || ServerError("", answer.state).may_pass())
    throw ServerError(fmt::format("{}: can't connect: {}: try again", name, said), "");
  if (answer.state == "28P01")
    throw UsageError(fmt::format(
        "{}: can't connect: {}: mend the password in ~/.pgpass, or in the file that PGPASSFILE names", name, said));
  throw UsageError(
      fmt::format("{}: can't connect: {}: look whether the user, the database and the rights in --db are the server's",
                  name, said));
}

}  // namespace

// Whatever may be a server that is just starting, or gives its place to another, is no refusal.
void refuse(const Address& address, PGconn* failed) {
  const std::string& name = address.name;
  const std::string said = in_one_line(PQerrorMessage(failed));
  if (said.find("hot standby") != said.npos)
    throw ServerError(
        fmt::format("{}: can't connect: {}: name the server that it follows as well (HOST1,HOST2)", name, said), "");
  if (const std::string refusal = own_refusal(name, said, failed); !refusal.empty()) throw UsageError(refusal);
  switch (ping(address)) {
    case PQPING_OK:
      refuse_as(name, said, ask_again(address));
    case PQPING_NO_ATTEMPT:
      throw UsageError(fmt::format(
          "{}: can't connect: {}: mend the option in --db, the PG* variable or the service file", name, said));
    default:
      throw ServerError(
          fmt::format("{}: can't connect: {}: look whether the server runs, and whether --db has its address", name,
                      said),
          "");
  }
}

void refuse_to_write(const Address& address) {
  throw UsageError(
      fmt::format("{}: its user may only read there (default_transaction_read_only is on): let the server's operator "
                  "set that off for the user and the database, or name another user",
                  address.name));
}

}  // namespace pipeline::store::postgres
