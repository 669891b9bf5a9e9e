#pragma once

#include <cstdint>
#include <string>

namespace pipeline::naver {

// client_secret_sign of the token request (API page: auth): base64(bcrypt(client_id + "_" + timestamp, client_secret)).
// Takes tens of milliseconds, as bcrypt is meant to. Throws UsageError when the secret is no bcrypt salt.
[[nodiscard]] std::string sign(const std::string& client_id, const std::string& client_secret,
                               std::int64_t timestamp_ms);

}  // namespace pipeline::naver
