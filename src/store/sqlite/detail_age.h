#pragma once

#include "pipeline/base/clock.h"

#include "connection.h"
#include "statement.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::store::sqlite {

// Which details are due for a check (table `detail_checks`; apart from `products`, so that a check that finds nothing
// new rewrites no product). Reads the temporary tables of the connection's Listing, which must be there.
class DetailAge {
 public:
  DetailAge(Connection& connection, std::string source);

  struct Due {
    std::vector<std::string> skus;
    WallTime share_given_until;  // what given() notes
  };
  // As Catalogue::due_for_check() says. Only reads.
  [[nodiscard]] Due due(WallTime now, std::chrono::seconds max_age);
  // Notes that the share was given, inside the caller's transaction.
  void given(const Due& due);

 private:
  std::optional<WallTime> given_until();
  std::int64_t active();

  const std::string source_;
  const std::string state_key_;
  Statement given_until_;
  Statement give_;
  Statement active_;
  Statement never_;
  Statement oldest_;
};

}  // namespace pipeline::store::sqlite
