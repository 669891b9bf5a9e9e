#include "product_row.h"

namespace pipeline::store::sqlite {
namespace {

struct Row {
  const Statement& statement;

  [[nodiscard]] bool is_null(int column) const { return statement.is_null(column); }
  [[nodiscard]] std::string_view text(int column) const { return statement.text(column); }
  [[nodiscard]] std::int64_t integer(int column) const { return statement.integer(column); }
  [[nodiscard]] std::span<const std::uint8_t> bytes(int column) const { return statement.blob(column); }
};

}  // namespace

FoundProduct read_product(const Statement& row) {
  return store::read_product(Row{row});
}

}  // namespace pipeline::store::sqlite
