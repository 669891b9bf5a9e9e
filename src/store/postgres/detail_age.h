#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/store/detail_share.h"
#include "pipeline/store/run_list.h"

#include "connection.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::store::postgres {

// Which details are due for a check (table `detail_checks`; apart from `products`, so that a check that finds nothing
// new rewrites no product).
class DetailAge {
 public:
  // `list`: of the run, whose new and changed products are fetched anyway.
  DetailAge(Connection& connection, std::string source, RunList& list);

  struct Due {
    std::vector<std::string> skus;
    WallTime share_given_until;  // what giving() notes
  };
  // As Catalogue::due_for_check() says. Only reads.
  [[nodiscard]] Due due(WallTime now, std::chrono::seconds max_age);
  // Notes that the share was given.
  [[nodiscard]] Statement giving(const Due& due) const;

 private:
  [[nodiscard]] DetailShare read_share(WallTime now, std::chrono::seconds max_age);
  void add_never_verified(std::vector<std::string>& due);
  void add_oldest(std::vector<std::string>& due, const DetailShare& share);
  [[nodiscard]] std::vector<bool> are_fetched_anyway(const std::vector<std::string_view>& skus);

  Connection& connection_;
  const std::string source_;
  const std::string state_key_;
  RunList& list_;
};

}  // namespace pipeline::store::postgres
