#include "transfer.h"

#include "statement.h"
#include "transaction.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace pipeline::store::sqlite {
namespace {

// `a, b`, of the first columns; `behind` follows each name.
std::string names_of(const Table& table, std::size_t count, std::string_view behind = "") {
  std::string names;
  for (std::size_t i = 0; i < count; ++i)
    names += fmt::format("{}{}{}", i == 0 ? "" : ", ", table.columns[i].name, behind);
  return names;
}

// `?1, ?2`
std::string parameters(std::size_t count) {
  std::string all;
  for (std::size_t i = 1; i <= count; ++i) all += fmt::format("{}?{}", i == 1 ? "" : ", ", i);
  return all;
}

Value value_of(const Statement& row, int column) {
  switch (row.kind(column)) {
    case Statement::Kind::null:
      return std::monostate();
    case Statement::Kind::integer:
      return row.integer(column);
    case Statement::Kind::text:
      return std::string(row.text(column));
    case Statement::Kind::blob:
      break;
  }
  const auto bytes = row.blob(column);
  return Bytes(bytes.begin(), bytes.end());
}

TableRow row_of(const Statement& statement, const Table& table) {
  TableRow row;
  row.reserve(table.columns.size());
  for (std::size_t i = 0; i < table.columns.size(); ++i) row.push_back(value_of(statement, static_cast<int>(i)));
  return row;
}

struct Bound {
  Statement& statement;
  int index;

  void operator()(std::monostate) const { statement.bind(index, std::nullopt); }
  void operator()(std::int64_t number) const { statement.bind(index, number); }
  void operator()(const std::string& text) const { statement.bind(index, text); }
  void operator()(const Bytes& bytes) const { statement.bind(index, std::span<const std::uint8_t>(bytes)); }
};

void bind(Statement& statement, const TableRow& values) {
  int index = 0;
  for (const Value& value : values) std::visit(Bound{statement, ++index}, value);
}

}  // namespace

std::vector<TableRow> Transfer::read(const Table& table, const TableRow* after, std::int64_t limit) {
  const std::string key = names_of(table, table.key);
  const std::string behind = after ? fmt::format("WHERE ({}) > ({}) ", key, parameters(table.key)) : "";
  Statement rows(*connection_, "read a table",
                 fmt::format("SELECT {} FROM {} {}ORDER BY {} LIMIT {}", names_of(table, table.columns.size()),
                             table.name, behind, key, limit));
  if (after) bind(rows, *after);
  std::vector<TableRow> read;
  const Statement::Use use(rows);
  while (rows.step()) read.push_back(row_of(rows, table));
  return read;
}

void Transfer::write(const Table& table, std::span<const TableRow> rows) {
  Statement put(*connection_, "write a table",
                fmt::format("INSERT OR REPLACE INTO {} ({}) VALUES ({})", table.name,
                            names_of(table, table.columns.size()), parameters(table.columns.size())));
  Transaction transaction(*connection_);
  for (const TableRow& row : rows) {
    bind(put, row);
    put.run();
  }
  transaction.commit();
}

std::optional<TableRow> Transfer::last(const Table& table) {
  Statement row(*connection_, "read a table's end",
                fmt::format("SELECT {} FROM {} ORDER BY {} LIMIT 1", names_of(table, table.columns.size()), table.name,
                            names_of(table, table.key, " DESC")));
  const Statement::Use use(row);
  if (!row.step()) return std::nullopt;
  return row_of(row, table);
}

}  // namespace pipeline::store::sqlite
