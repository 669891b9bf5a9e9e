#pragma once

#include "pipeline/store/database.h"
#include "pipeline/store/run_list.h"

#include <memory>
#include <string>
#include <string_view>

namespace pipeline::store::postgres {

// Whether --db names a server: postgresql://…, postgres://… or `service=…`.
[[nodiscard]] bool is_address(std::string_view db) noexcept;

// The address with a schema that is called like the store, unless it names one.
[[nodiscard]] std::string address_of_store(const std::string& address, std::string_view store);

// A store in a schema of a PostgreSQL server's database: postgresql://USER@HOST:PORT/DATABASE?schema=STORE. Opens
// nothing. Throws UsageError when that is no such address, or holds a password. `run_lists`: where the list of a run is
// kept. `empty`: what is read where the store is not there yet.
[[nodiscard]] std::unique_ptr<Database> server_database(const std::string& address, RunListMaker run_lists,
                                                        std::unique_ptr<Database> empty);

}  // namespace pipeline::store::postgres
