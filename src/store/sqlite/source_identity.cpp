#include "source_identity.h"

#include "statement.h"

#include <fmt/format.h>

#include <algorithm>

namespace pipeline::store::sqlite {
namespace {

// Keys of the table `state`, with the source behind them.
constexpr std::string_view kDigest = "store_digest/";
constexpr std::string_view kClientId = "store_client_id_end/";
constexpr std::string_view kAccountId = "store_account_id_end/";

std::string key_of(std::string_view what, std::string_view source) {
  return fmt::format("{}{}", what, source);
}

}  // namespace

std::optional<catalogue::SourceIdentity> read_identity(Connection& connection, std::string_view source) {
  Statement read(connection, "read whose products these are", "SELECT value FROM state WHERE key = ?1");
  const auto text_at = [&](std::string_view what) {
    const std::string key = key_of(what, source);
    read.bind(1, key);
    const Statement::Use use(read);
    return read.step() ? std::string(read.text(0)) : std::string();
  };
  const std::string digest = text_at(kDigest);
  catalogue::SourceIdentity identity;
  identity.source = source;
  if (digest.size() != identity.digest.size()) return std::nullopt;
  std::ranges::transform(digest, identity.digest.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
  identity.client_id_end = text_at(kClientId);
  identity.account_id_end = text_at(kAccountId);
  return identity;
}

void remember_identity(Connection& connection, const catalogue::SourceIdentity& identity) {
  Statement write(connection, "remember whose products these are",
                  "INSERT INTO state (key, value) VALUES (?1, ?2) "
                  "ON CONFLICT (key) DO UPDATE SET value = excluded.value");
  const std::string digest = key_of(kDigest, identity.source);
  const std::string client_id = key_of(kClientId, identity.source);
  const std::string account_id = key_of(kAccountId, identity.source);
  write.bind(1, digest).bind(2, identity.digest).run();
  write.bind(1, client_id).bind(2, identity.client_id_end).run();
  write.bind(1, account_id).bind(2, identity.account_id_end).run();
}

}  // namespace pipeline::store::sqlite
