#pragma once

#include "pipeline/catalogue/source_identity.h"

#include "connection.h"

#include <optional>
#include <string_view>

// Kept in the table `state`.
namespace pipeline::store::sqlite {

[[nodiscard]] std::optional<catalogue::SourceIdentity> read_identity(Connection& connection, std::string_view source);
// Inside the caller's transaction.
void remember_identity(Connection& connection, const catalogue::SourceIdentity& identity);

}  // namespace pipeline::store::sqlite
