#include "source_identity.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace pipeline::store::postgres {
namespace {

// IdentityKeys of the table `state`, with the source behind them.
struct IdentityKeys {
  explicit IdentityKeys(std::string_view source)
      : digest(fmt::format("store_digest/{}", source)),
        client_id(fmt::format("store_client_id_end/{}", source)),
        account_id(fmt::format("store_account_id_end/{}", source)) {}
  std::string digest;
  std::string client_id;
  std::string account_id;
};

constexpr std::string_view kReadIdentity =
    "SELECT (SELECT bytes FROM @state WHERE key = $1), (SELECT text FROM @state WHERE key = $2), "
    "(SELECT text FROM @state WHERE key = $3)";

constexpr std::string_view kRemember =
    "INSERT INTO @state (key, text, bytes) VALUES ($1, NULL, $2), ($3, $4, NULL), ($5, $6, NULL) "
    "ON CONFLICT (key) DO UPDATE SET text = excluded.text, bytes = excluded.bytes";

}  // namespace

std::optional<catalogue::SourceIdentity> read_identity(Connection& connection, std::string_view source) {
  const IdentityKeys keys(source);
  const Result found = connection.ask("read whose products these are", kReadIdentity,
                                      Values::of(keys.digest, keys.client_id, keys.account_id));
  catalogue::SourceIdentity identity;
  identity.source = source;
  const auto digest = found.bytes(0, 0);
  if (digest.size() != identity.digest.size()) return std::nullopt;
  std::ranges::copy(digest, identity.digest.begin());
  identity.client_id_end = found.text(0, 1);
  identity.account_id_end = found.text(0, 2);
  return identity;
}

Statement remembering(const catalogue::SourceIdentity& identity) {
  const IdentityKeys keys(identity.source);
  return {"remember whose products these are", kRemember,
          Values::of(keys.digest, identity.digest, keys.client_id, identity.client_id_end, keys.account_id,
                     identity.account_id_end)};
}

}  // namespace pipeline::store::postgres
