#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/catalogue/source_identity.h"
#include "pipeline/store/database.h"

#include "finding.h"

#include <cstdint>
#include <optional>

// The parts of `check` that look at the database.
namespace pipeline::cli {

// Whether it is there and ours, of which version, whole, and where a database can be. Ends at `until`.
[[nodiscard]] Findings check_database_file(const store::Database& database, const Clock& clock, SteadyTime until);

// The run that is at work in it, if one is.
[[nodiscard]] Findings find_holder(store::Inspection& inspection, const std::string& name);

// Room for it and its log; `products`: how many the shop has, if that is known.
[[nodiscard]] Findings check_room(const store::Database& database, const Clock& clock,
                                  std::optional<std::int64_t> products);

// Whether the products in it are those of the credentials.
[[nodiscard]] Findings check_owner(store::Catalogue& catalogue, const catalogue::SourceIdentity& identity);

}  // namespace pipeline::cli
