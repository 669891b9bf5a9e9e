#pragma once

#include "pipeline/store/transfer.h"

#include "connection.h"

#include <memory>

namespace pipeline::store::sqlite {

class Transfer final : public store::Transfer {
 public:
  explicit Transfer(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}

  [[nodiscard]] std::vector<TableRow> read(const Table& table, const TableRow* after, std::int64_t limit) override;
  void write(const Table& table, std::span<const TableRow> rows) override;
  [[nodiscard]] std::optional<TableRow> last(const Table& table) override;
  void settle(const Table&) override {}  // an INTEGER PRIMARY KEY counts by itself

 private:
  const std::shared_ptr<Connection> connection_;
};

}  // namespace pipeline::store::sqlite
