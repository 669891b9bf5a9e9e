#include "address.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/error.h"
#include "pipeline/base/spelling.h"
#include "pipeline/store_postgres/database.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

namespace pipeline::store::postgres {
namespace {

constexpr std::string_view kSchemes[] = {"postgresql://", "postgres://"};
constexpr std::string_view kCertificates = "/etc/ssl/certs/ca-certificates.crt";

bool is_uri(std::string_view db) noexcept {
  return std::ranges::any_of(kSchemes, [&](std::string_view scheme) { return db.starts_with(scheme); });
}

// Takes `schema=NAME` out, which is ours and unknown to libpq.
std::optional<std::string> take_schema(std::string& db) {
  constexpr std::string_view kKey = "schema=";
  const std::string_view separators = is_uri(db) ? "?&" : " ";
  for (auto at = db.find(kKey); at != db.npos; at = db.find(kKey, at + 1)) {
    if (at > 0 && separators.find(db[at - 1]) == separators.npos) continue;
    const auto end = std::min(db.find_first_of(separators.back() == ' ' ? " " : "&#", at), db.size());
    std::string schema = db.substr(at + kKey.size(), end - at - kKey.size());
    const bool more = end < db.size();
    db.erase(more ? at : at > 0 ? at - 1 : at, more ? end + 1 - at : end - at + (at > 0 ? 1 : 0));
    return schema;
  }
  return std::nullopt;
}

// A name that needs no quotes, so that GRANTs and psql can be typed as they are read.
void check_schema(const std::string& schema) {
  const auto may_be_in = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  const bool begins_well = !schema.empty() && !(schema.front() >= '0' && schema.front() <= '9');
  if (begins_well && schema.size() <= 63 && std::ranges::all_of(schema, may_be_in) && !schema.starts_with("pg_"))
    return;
  throw UsageError(fmt::format(
      "--db: {} can't be the name of a store's schema: lower-case letters, digits and _ are, as in ?schema=store_a",
      schema.empty() ? "an empty text" : schema));
}

std::string value_of(const Address& address, std::string_view key) {
  for (const auto& [name, value] : address.options)
    if (name == key) return value;
  return {};
}

bool is_local_host(std::string_view host) noexcept {
  return host.empty() || host.starts_with('/') || host.starts_with('@') || host == "localhost" || host == "::1" ||
         host.starts_with("127.");
}

// Of several hosts, each.
bool is_local(std::string_view hosts) noexcept {
  while (!hosts.empty())
    if (!is_local_host(take_until(hosts, ','))) return false;
  return true;
}

// What PG* variables say, where the address does not.
std::string default_of(const std::string& key) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> all(PQconndefaults(), &PQconninfoFree);
  for (const auto* option = all.get(); option != nullptr && option->keyword != nullptr; ++option)
    if (key == option->keyword && option->val != nullptr) return option->val;
  return {};
}

void set_unless_said(Address& address, const std::string& key, std::string value, const char* environment = nullptr) {
  if (!value_of(address, key).empty() || (environment != nullptr && std::getenv(environment) != nullptr)) return;
  address.options.emplace_back(key, std::move(value));
}

// Over a network nothing goes to a server that is not the one it says it is. What a service file says counts.
void choose_security(Address& address) {
  if (!value_of(address, "service").empty() || std::getenv("PGSERVICE") != nullptr) return;
  std::string host = value_of(address, "host");
  if (host.empty()) host = value_of(address, "hostaddr");
  if (host.empty()) host = default_of("host");
  if (!is_local(host)) set_unless_said(address, "sslmode", "verify-full", "PGSSLMODE");
  if (!value_of(address, "sslmode").starts_with("verify-")) return;
  const char* home = std::getenv("HOME");
  std::error_code error;
  if (home == nullptr || !std::filesystem::exists(std::filesystem::path(home) / ".postgresql/root.crt", error))
    set_unless_said(address, "sslrootcert", std::string(kCertificates), "PGSSLROOTCERT");
}

// A server that is gone is noticed within half a minute, whether something is under way to it or not.
void choose_patience(Address& address) {
  set_unless_said(address, "connect_timeout", "10", "PGCONNECT_TIMEOUT");
  set_unless_said(address, "keepalives_idle", "10");
  set_unless_said(address, "keepalives_interval", "5");
  set_unless_said(address, "keepalives_count", "3");
  set_unless_said(address, "tcp_user_timeout", "30000");
  set_unless_said(address, "application_name", "pipeline", "PGAPPNAME");
  set_unless_said(address, "client_encoding", "UTF8");
}

// What libpq knows, and what we do.
std::vector<std::string> known_options() {
  std::vector<std::string> known{"schema"};
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> all(PQconndefaults(), &PQconninfoFree);
  for (const auto* option = all.get(); option != nullptr && option->keyword != nullptr; ++option)
    known.emplace_back(option->keyword);
  return known;
}

// Of an option that nobody knows: the one that it is nearly called like. What stands there is not shown, as it may be a
// piece of a password.
std::string option_meant_in(std::string_view db) {
  const char separator = is_uri(db) ? '&' : ' ';
  std::string_view options = is_uri(db) ? db.substr(std::min(db.find('?'), db.size() - 1) + 1) : db;
  const auto known = known_options();
  while (!options.empty()) {
    const std::string_view option = take_until(options, separator);
    const std::string_view key = option.substr(0, option.find('='));
    if (std::ranges::find(known, key) != known.end()) continue;
    if (std::string meant = nearest_name(key, known); !meant.empty()) return meant;
  }
  return {};
}

// What names the store, and nothing else of the address; it can be typed.
std::string name_of(const Address& address) {
  if (const auto service = value_of(address, "service"); !service.empty())
    return fmt::format("service={} schema={}", service, address.schema);
  const std::string user = value_of(address, "user");
  const std::string host = value_of(address, "host");
  const std::string port = value_of(address, "port");
  const bool is_socket = host.starts_with('/');
  return fmt::format("postgresql://{}{}{}{}{}/{}?{}{}{}schema={}", user, user.empty() ? "" : "@", is_socket ? "" : host,
                     port.empty() ? "" : ":", port, value_of(address, "dbname"), is_socket ? "host=" : "",
                     is_socket ? host : "", is_socket ? "&" : "", address.schema);
}

}  // namespace

Address Address::with_schema(std::string_view other) const {
  Address address = *this;
  address.schema = other;
  address.name = name_of(address);
  return address;
}

bool Address::says(std::string_view option) const noexcept {
  return std::ranges::any_of(options, [&](const auto& one) { return one.first == option; });
}

bool is_address(std::string_view db) noexcept {
  return is_uri(db) || db.starts_with("service=");
}

std::string address_of_store(const std::string& address, std::string_view store) {
  std::string rest = address;
  if (take_schema(rest)) return address;
  std::string schema = is_digit(store.front()) ? "store_" : "";
  for (const char c : store) schema += c == '-' ? '_' : to_lower(c);
  if (!is_uri(address)) return fmt::format("{} schema={}", address, schema);
  return fmt::format("{}{}schema={}", address, address.find('?') == address.npos ? '?' : '&', schema);
}

// What libpq says of a text that it can't read may show a part of it, a password among them: it is not shown.
Address parse_address(const std::string& db) {
  std::string rest = db;
  Address address;
  if (auto schema = take_schema(rest)) address.schema = std::move(*schema);
  check_schema(address.schema);
  char* why = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> all(PQconninfoParse(rest.c_str(), &why),
                                                                         &PQconninfoFree);
  PQfreemem(why);
  if (const std::string meant = all ? "" : option_meant_in(rest); !meant.empty())
    throw UsageError(fmt::format("--db: it has an option that there is not: did you mean {}?", meant));
  if (!all)
    throw UsageError(
        "--db: this is no address of a PostgreSQL server: write it as "
        "postgresql://USER@HOST:PORT/DATABASE?schema=STORE, "
        "with %20 and the like for what is no letter or digit");
  for (const auto* option = all.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    if (std::string_view(option->keyword) == "password" || std::string_view(option->keyword) == "sslpassword")
      throw UsageError(
          "--db: a password does not belong there, where others can read it: put it into ~/.pgpass (HOST:PORT:DATABASE:"
          "USER:PASSWORD, chmod 600), or a file that PGPASSFILE names, and take it out of --db");
    address.options.emplace_back(option->keyword, option->val);
  }
  address.name = name_of(address);
  choose_security(address);
  choose_patience(address);
  return address;
}

}  // namespace pipeline::store::postgres
