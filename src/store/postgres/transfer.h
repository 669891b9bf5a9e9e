#pragma once

#include "pipeline/store/transfer.h"

#include "connection.h"

#include <memory>

namespace pipeline::store::postgres {

class Transfer final : public store::Transfer {
 public:
  explicit Transfer(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}

  [[nodiscard]] std::vector<TableRow> read(const Table& table, const TableRow* after, std::int64_t limit) override;
  void write(const Table& table, std::span<const TableRow> rows) override;
  [[nodiscard]] std::optional<TableRow> last(const Table& table) override;
  void settle(const Table& table) override;

 private:
  const std::shared_ptr<Connection> connection_;
};

}  // namespace pipeline::store::postgres
