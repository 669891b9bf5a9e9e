#pragma once

#include "pipeline/store/queue_rules.h"

#include "connection.h"

#include <functional>
#include <memory>

namespace pipeline::store::postgres {

// The table `refresh_queue` worked off. Leases go by the clocks of the workers' machines.
class Queue final : public store::Queue {
 public:
  explicit Queue(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}

  void each(const QueueFilter& filter, const std::function<void(const catalogue::QueueEntry&)>& sink) override;
  std::int64_t each_change_since(WallTime time, const std::function<void(const catalogue::QueueEntry&)>& sink) override;
  [[nodiscard]] QueueTotals totals() override;
  [[nodiscard]] std::vector<catalogue::QueueEntry> claim(const Claim& claim) override;
  [[nodiscard]] std::vector<QueueMove> done(std::span<const std::int64_t> ids,
                                            const std::optional<std::string>& worker) override;
  [[nodiscard]] std::vector<QueueMove> fail(std::span<const std::int64_t> ids, std::string_view reason,
                                            const std::optional<std::string>& worker, int max_attempts) override;
  [[nodiscard]] std::vector<QueueMove> end(std::span<const QueueEnd> ends, const std::string& worker) override;
  [[nodiscard]] std::vector<QueueMove> retry(std::span<const std::int64_t> ids) override;
  [[nodiscard]] std::vector<QueueMove> retry_all() override;

 private:
  std::vector<QueueMove> move_each(std::span<const QueueOrder> orders, const std::optional<std::string>& worker);
  std::vector<catalogue::QueueEntry> claim_unless_expired(const Claim& claim);
  std::vector<catalogue::QueueEntry> claim_after_expired(const Claim& claim);

  const std::shared_ptr<Connection> connection_;
};

}  // namespace pipeline::store::postgres
