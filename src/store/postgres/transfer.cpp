#include "transfer.h"

#include "values.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace pipeline::store::postgres {
namespace {

// A column here: what SQLite keeps as any kind of value has one for each kind.
struct Piece {
  std::string_view name;
  ValueType type;
};

std::vector<Piece> pieces_of(const Table& table, const TableColumn& column) {
  if (column.type != ValueType::any) return {{column.name, column.type}};
  if (table.name == "state")
    return {{"text", ValueType::text}, {"number", ValueType::number}, {"bytes", ValueType::bytes}};
  return {{column.name, ValueType::text}, {"raw_bytes", ValueType::bytes}};
}

std::vector<Piece> pieces_of(const Table& table) {
  std::vector<Piece> all;
  for (const TableColumn& column : table.columns)
    for (const Piece& piece : pieces_of(table, column)) all.push_back(piece);
  return all;
}

// `a, b`; `behind` follows each.
template <typename Columns>
std::string names_of(const Columns& columns, std::string_view behind = "") {
  std::string names;
  for (const auto& column : columns) names += fmt::format("{}{}{}", names.empty() ? "" : ", ", column.name, behind);
  return names;
}

std::span<const TableColumn> key_of(const Table& table) {
  return std::span(table.columns).first(table.key);
}

// `$1::text[], $2::bigint[]`
std::string arrays(std::span<const Piece> pieces) {
  std::string all;
  int number = 0;
  for (const Piece& piece : pieces) {
    const char* type = piece.type == ValueType::number ? "bigint" : piece.type == ValueType::bytes ? "bytea" : "text";
    all += fmt::format("{}${}::{}[]", all.empty() ? "" : ", ", ++number, type);
  }
  return all;
}

Value value_of(const Row& row, int column, ValueType type) {
  if (row.is_null(column)) return std::monostate();
  if (type == ValueType::number) return row.integer(column);
  if (type == ValueType::text) return std::string(row.text(column));
  const auto bytes = row.bytes(column);
  return Bytes(bytes.begin(), bytes.end());
}

TableRow row_of(const Row& row, const Table& table) {
  TableRow values;
  int next = 0;
  for (const TableColumn& column : table.columns) {
    Value& value = values.emplace_back();
    for (const Piece& piece : pieces_of(table, column)) {
      Value one = value_of(row, next++, piece.type);
      if (!std::holds_alternative<std::monostate>(one)) value = std::move(one);
    }
  }
  return values;
}

// Into the column of its own kind; NULL into those of the others.
void add(Column& to, ValueType type, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value); number && type == ValueType::number)
    to.add(*number);
  else if (const auto* text = std::get_if<std::string>(&value); text && type == ValueType::text)
    to.add(std::string_view(*text));
  else if (const auto* bytes = std::get_if<Bytes>(&value); bytes && type == ValueType::bytes)
    to.add(std::span<const std::uint8_t>(*bytes));
  else
    to.add(std::nullopt);
}

Values in_columns(const Table& table, std::span<const TableRow> rows) {
  Values values;
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    for (const Piece& piece : pieces_of(table, table.columns[i])) {
      Column column(piece.type == ValueType::number  ? Column::Type::number
                    : piece.type == ValueType::bytes ? Column::Type::bytes
                                                     : Column::Type::text);
      for (const TableRow& row : rows) add(column, piece.type, row[i]);
      values.add(column);
    }
  return values;
}

Values of_key(const TableRow& key) {
  Values values;
  for (const Value& value : key) {
    if (const auto* number = std::get_if<std::int64_t>(&value))
      values.add(*number);
    else if (const auto* text = std::get_if<std::string>(&value))
      values.add(*text);
    else
      values.add(std::span<const std::uint8_t>(std::get<Bytes>(value)));
  }
  return values;
}

std::string select_from(const Table& table) {
  return fmt::format("SELECT {} FROM @{}", names_of(pieces_of(table)), table.name);
}

std::string on_conflict(const Table& table, std::span<const Piece> pieces) {
  std::string set;
  for (const Piece& piece : pieces.subspan(table.key))
    set += fmt::format("{}{} = excluded.{}", set.empty() ? "" : ", ", piece.name, piece.name);
  return fmt::format("ON CONFLICT ({}) DO {}", names_of(key_of(table)), set.empty() ? "NOTHING" : "UPDATE SET " + set);
}

}  // namespace

std::vector<TableRow> Transfer::read(const Table& table, const TableRow* after, std::int64_t limit) {
  const std::string key = names_of(key_of(table));
  std::string behind;
  for (std::size_t i = 1; after && i <= table.key; ++i) behind += fmt::format("{}${}", i == 1 ? "" : ", ", i);
  if (after) behind = fmt::format(" WHERE ({}) > ({})", key, behind);
  const std::string sql = fmt::format("{}{} ORDER BY {} LIMIT {}", select_from(table), behind, key, limit);
  const Result found = connection_->ask("read a table", sql, after ? of_key(*after) : Values());
  std::vector<TableRow> rows;
  for (int row = 0; row < found.rows(); ++row) rows.push_back(row_of({found, row}, table));
  return rows;
}

void Transfer::write(const Table& table, std::span<const TableRow> rows) {
  const auto pieces = pieces_of(table);
  const std::string sql = fmt::format("INSERT INTO @{} ({}) SELECT * FROM unnest({}) {}", table.name, names_of(pieces),
                                      arrays(pieces), on_conflict(table, pieces));
  connection_->write([&](Transaction& transaction) {
    std::vector<Statement> statements;
    statements.push_back({"write a table", sql, in_columns(table, rows)});
    (void)transaction.commit(std::move(statements));
  });
}

std::optional<TableRow> Transfer::last(const Table& table) {
  const std::string sql = fmt::format("{} ORDER BY {} LIMIT 1", select_from(table), names_of(key_of(table), " DESC"));
  const Result found = connection_->ask("read a table's end", sql);
  if (found.rows() == 0) return std::nullopt;
  return row_of({found, 0}, table);
}

void Transfer::settle(const Table& table) {
  if (table.counter.empty()) return;
  const std::string sql =
      fmt::format("SELECT setval(pg_get_serial_sequence('@{0}', '{1}'), coalesce(max({1}), 0) + 1, false) FROM @{0}",
                  table.name, table.counter);
  connection_->write([&](Transaction& transaction) { (void)transaction.ask("set a table's counter", sql); });
}

}  // namespace pipeline::store::postgres
