#pragma once

#include "pipeline/store/runs.h"

#include "connection.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::store::postgres {

// The table `runs`.
class Runs final : public store::Runs {
 public:
  explicit Runs(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}

  void start(const RunStart& run) override;
  void start_with_change(const RunStart& run) override;
  [[nodiscard]] bool is_started() const override { return run_id_.has_value() && !waiting_; }
  void end(const RunEnd& end) override;
  [[nodiscard]] std::optional<int> exit_code(std::string_view run_id) override;
  [[nodiscard]] std::vector<RunRow> since(WallTime time) override;

  // Adds the statements that note the run which waits for a change, if one does: to be put into the flight of a
  // transaction that changes a product, also when that is done again. noted(), when it is committed.
  void note_waiting(std::vector<Statement>& statements) const;
  void noted() noexcept { waiting_.reset(); }

 private:
  [[nodiscard]] bool is_noted(std::string_view run_id) const;

  const std::shared_ptr<Connection> connection_;
  std::optional<std::string> run_id_;
  std::optional<RunStart> waiting_;
};

}  // namespace pipeline::store::postgres
