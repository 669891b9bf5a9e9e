#include "check_server.h"

#include "pipeline/base/text.h"

#include "check_database.h"
#include "megabytes.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace pipeline::cli {
namespace {

using State = Finding::State;

constexpr std::int64_t kFewConnections = 5;
constexpr std::chrono::seconds kFarApart{5};

Findings store_on(store::Inspection& inspection, const std::string& name) {
  const auto [found, known] = inspection.version();
  inspection.check_writable();
  if (found == 0) return {{"database", State::ok, name, "not there yet: the first sync makes it"}};
  const std::string size = megabytes(inspection.room().database);
  if (found < known)
    return {{"database", State::warning, name,
             fmt::format("ours, schema {}, {}: the next run that writes brings it up to {}", found, size, known),
             "make a backup before (pg_dump): there is no way back but that"}};
  return {{"database", State::ok, name, fmt::format("ours, schema {}, {}", found, size)}};
}

Findings state_of(const store::ServerFacts& server, const std::string& name) {
  Findings findings{{"server", State::ok, name,
                     server.is_encrypted ? fmt::format("{} answers over an encrypted connection", server.version)
                                         : fmt::format("{} answers; the connection is not encrypted", server.version)}};
  if (server.free_connections < kFewConnections)
    findings.push_back({"server", State::warning, name,
                        fmt::format("it has {} free connections; each run needs up to three", server.free_connections),
                        "raise max_connections on the server, or put PgBouncer before it"});
  if (std::chrono::abs(server.clock_ahead) > kFarApart)
    findings.push_back({"server", State::warning, name,
                        fmt::format("its clock differs from this machine's by {}",
                                    format_duration(to_seconds(std::chrono::abs(server.clock_ahead)))),
                        "set both by NTP: a claim of the queue ends by the clock of the machine that works it off"});
  return findings;
}

}  // namespace

Findings check_server(const store::Database& database, const Clock& clock) {
  const std::string& name = database.name();
  const auto inspection = database.inspect(clock);
  Findings findings = look_at("database", name, [&] { return store_on(*inspection, name); });
  if (findings.front().state == State::failed) return findings;
  append(findings, look_at("server", name, [&] { return state_of(inspection->server(), name); }));
  append(findings, look_at("lock", name, [&] { return find_holder(*inspection, name); }));
  return findings;
}

}  // namespace pipeline::cli
