#pragma once

#include "pipeline/base/sha256.h"
#include "pipeline/store/database.h"

#include <optional>
#include <string>
#include <string_view>

namespace pipeline::store {

// Whose catalogue the products of a source are: the application and the account they are fetched by. No secret is in
// it. Kept in the table `state`.
struct SourceIdentity {
  Sha256 digest{};             // of both ids
  std::string client_id_end;   // the last characters of each, for people
  std::string account_id_end;  // empty: the application's own store
};

// `application …a1b2, account …c3d4`.
[[nodiscard]] std::string to_text(const SourceIdentity& identity);

// Absent when none was remembered: nothing was synced yet, or by a version that did not.
[[nodiscard]] std::optional<SourceIdentity> read_identity(Database& database, std::string_view source);

// Inside the caller's transaction.
void remember_identity(Database& database, std::string_view source, const SourceIdentity& identity);

}  // namespace pipeline::store
