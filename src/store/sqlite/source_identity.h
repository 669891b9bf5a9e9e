#pragma once

#include "pipeline/store/source_identity.h"

#include "connection.h"

#include <optional>
#include <string_view>

// Kept in the table `state`.
namespace pipeline::store::sqlite {

[[nodiscard]] std::optional<SourceIdentity> read_identity(Connection& connection, std::string_view source);
// Inside the caller's transaction.
void remember_identity(Connection& connection, const SourceIdentity& identity);

}  // namespace pipeline::store::sqlite
