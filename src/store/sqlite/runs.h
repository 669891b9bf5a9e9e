#pragma once

#include "pipeline/store/runs.h"

#include "connection.h"
#include "statement.h"

#include <memory>
#include <optional>

namespace pipeline::store::sqlite {

// The table `runs`.
class Runs final : public store::Runs {
 public:
  explicit Runs(std::shared_ptr<Connection> connection);

  void start(const RunStart& run) override;
  void start_with_change(const RunStart& run) override;
  [[nodiscard]] bool is_started() const override { return run_id_.has_value() && !waiting_; }
  void end(const RunEnd& end) override;
  [[nodiscard]] std::optional<int> exit_code(std::string_view run_id) override;
  [[nodiscard]] std::vector<RunRow> since(WallTime time) override;

  // Inside the caller's transaction: notes the run that waits for a change. False: none does. noted(), when that is
  // committed.
  [[nodiscard]] bool note_waiting();
  void noted() noexcept { waiting_.reset(); }

 private:
  const std::shared_ptr<Connection> connection_;
  std::optional<std::string> run_id_;
  std::optional<RunStart> waiting_;
  Statement kill_;
  Statement start_;
  Statement end_;
  Statement exit_code_;
  Statement since_;
};

}  // namespace pipeline::store::sqlite
