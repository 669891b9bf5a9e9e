#pragma once

#include "pipeline/catalogue/source_identity.h"

#include "connection.h"

#include <optional>
#include <string_view>

// Kept in the table `state`.
namespace pipeline::store::postgres {

[[nodiscard]] std::optional<catalogue::SourceIdentity> read_identity(Connection& connection, std::string_view source);
[[nodiscard]] Statement remembering(const catalogue::SourceIdentity& identity);

}  // namespace pipeline::store::postgres
