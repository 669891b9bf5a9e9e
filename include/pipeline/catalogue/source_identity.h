#pragma once

#include "pipeline/base/sha256.h"

#include <string>

namespace pipeline::catalogue {

// Whose catalogue the products of a source are: the application and the account they are fetched by. No secret is in
// it.
struct SourceIdentity {
  std::string source;
  Sha256 digest{};             // of both ids
  std::string client_id_end;   // the last characters of each, for people
  std::string account_id_end;  // empty: the application's own store
};

// `application …a1b2, account …c3d4`.
[[nodiscard]] std::string to_text(const SourceIdentity& identity);

}  // namespace pipeline::catalogue
