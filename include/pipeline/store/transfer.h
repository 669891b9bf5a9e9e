#pragma once

#include "pipeline/base/sha256.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// A store's tables as they are, row by row: how a store moves from one engine to another.
namespace pipeline::store {

// `any`: a text, bytes or a number, as each row has it.
enum class ValueType { text, number, bytes, any };

struct TableColumn {
  std::string_view name;
  ValueType type = ValueType::text;
};

struct Table {
  std::string_view name;
  std::vector<TableColumn> columns;  // those that make the key come first
  std::size_t key = 1;               // so many
  std::string_view counter = {};     // the column whose next value the engine gives; empty: none
};

// Of the schema that both engines know, as docs/database.md has them.
[[nodiscard]] const std::vector<Table>& tables();

using Bytes = std::vector<std::uint8_t>;
using Value = std::variant<std::monostate, std::int64_t, std::string, Bytes>;
using TableRow = std::vector<Value>;  // in the order of the columns

// Reads and writes the tables of a store. Errors and threads as of Catalogue.
class Transfer {
 public:
  virtual ~Transfer() = default;

  // At most `limit` rows behind `after` (none: from the first), in the order of their keys, compared by bytes.
  [[nodiscard]] virtual std::vector<TableRow> read(const Table& table, const TableRow* after, std::int64_t limit) = 0;
  // Each takes the place of the row with its key. One transaction.
  virtual void write(const Table& table, std::span<const TableRow> rows) = 0;
  // The row with the last key; absent: there is none.
  [[nodiscard]] virtual std::optional<TableRow> last(const Table& table) = 0;
  // What is written from here on is numbered behind what is there.
  virtual void settle(const Table& table) = 0;
};

// What a copy found, of one table.
struct Copied {
  std::string_view table;
  std::int64_t rows = 0;    // of it
  std::int64_t before = 0;  // of these, written by a copy that was broken off
  bool is_equal = false;    // both have the same rows, by their digests
};

// Told after each batch; what it throws ends the copy, which goes on from there the next time.
using CopyProgress = std::function<void(std::string_view table, std::int64_t rows)>;

// Whether each table of `to` is empty, or has the first rows of `from`'s and no others: a copy may begin, or go on.
[[nodiscard]] bool is_beginning_of_copy(Transfer& from, Transfer& to);

// Copies all tables of one store into another that is the beginning of a copy; then reads both again and compares them.
// Text with NUL counts as what PostgreSQL can keep of it.
[[nodiscard]] std::vector<Copied> copy_store(Transfer& from, Transfer& to, const CopyProgress& told);

}  // namespace pipeline::store
