#pragma once

#include "pipeline/store/queue_rules.h"

#include "connection.h"
#include "refresh_queue.h"
#include "statement.h"

#include <functional>
#include <memory>

namespace pipeline::store::sqlite {

// The table `refresh_queue` worked off.
class Queue final : public store::Queue {
 public:
  explicit Queue(std::shared_ptr<Connection> connection);

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
  QueueMove move_one(const catalogue::QueueEntry& entry, const QueueOrder& order,
                     const std::optional<std::string>& worker);
  [[nodiscard]] std::optional<catalogue::QueueEntry> look_up(std::int64_t id);
  std::vector<catalogue::QueueEntry> oldest_waiting(std::int64_t limit);
  void return_expired(WallTime now, int max_attempts);

  const std::shared_ptr<Connection> connection_;
  RefreshQueue queue_;
  Statement list_;
  Statement latest_;
  Statement totals_;
  Statement oldest_;
  Statement look_up_;
  Statement expired_;
  Statement waiting_;
  Statement claim_;
  Statement finish_;
  Statement next_failed_;
};

}  // namespace pipeline::store::sqlite
