#pragma once

#include "pipeline/store/upkeep.h"

#include "connection.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pipeline::store::postgres {

// What goes makes room for what comes: the server sees to that by itself (autovacuum), and gives nothing back.
class Upkeep final : public store::Upkeep {
 public:
  explicit Upkeep(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}

  [[nodiscard]] Outdated outdated(const Term& term) override;
  [[nodiscard]] Space space() override;
  std::int64_t remove_entries(const Term& term, std::int64_t rows) override;
  std::int64_t remove_runs(const Term& term, std::int64_t rows) override;
  [[nodiscard]] std::map<std::string, WallTime> missing_posts() override;
  void note_missing_posts(const std::map<std::string, WallTime>& posts) override;
  bool give_back(std::int64_t) override { return false; }

 private:
  const std::shared_ptr<Connection> connection_;
  std::int64_t entries_seen_ = 0;                // ids up to there are removed, or stay
  std::optional<std::vector<std::string>> old_;  // run ids that were found, the last to go first
};

}  // namespace pipeline::store::postgres
