#pragma once

#include "pipeline/catalogue/source_identity.h"

#include <functional>
#include <optional>
#include <string>

namespace pipeline::naver {

// Who calls. Without an account the token is for the own store (type SELF), with one for a seller's (type SELLER).
struct Credentials {
  std::string client_id;
  std::string client_secret;  // a bcrypt salt
  std::string account_id;     // empty: SELF
};

using Environment = std::function<std::optional<std::string>(const std::string& name)>;
[[nodiscard]] std::optional<std::string> process_environment(const std::string& name);

// From NAVER_COMMERCE_CLIENT_ID, _CLIENT_SECRET and _ACCOUNT_ID, or from the files named by the same with _FILE behind.
// White space, line breaks, a byte order mark and quotes around a value are dropped, which a debug line says.
// Throws UsageError that names the variable and what to do; in particular when the secret is no bcrypt salt, which is
// what is left when a shell or a dotenv file has eaten its `$` signs. The secret itself is never in a message.
[[nodiscard]] Credentials read_credentials(const Environment& environment);

// Who calls, without the secret: a digest of both ids, and the last four characters of each.
[[nodiscard]] catalogue::SourceIdentity identity_of(const Credentials& credentials);

// Whether the text can be the secret: `$2[aby]$NN$` and 22 characters of bcrypt's alphabet in front.
[[nodiscard]] bool is_client_secret(const std::string& text);

}  // namespace pipeline::naver
