#include "product_row.h"

#include "pipeline/base/text.h"
#include "pipeline/catalogue/columns.h"

#include <fmt/format.h>

#include <span>
#include <utility>

namespace pipeline::store::postgres {
namespace {

using catalogue::ParseStatus;
using catalogue::Product;

constexpr int kRowHash = kProductColumnCount;
constexpr int kParseError = kRowHash + 1;
constexpr int kRawJson = kRowHash + 2;
constexpr int kRawBytes = kRowHash + 3;

// Where product_columns() has them.
constexpr int kContentHash = 0;
constexpr int kParseStatus = 1;
constexpr int kRemovedAt = 2;
constexpr int kModifiedAt = 3 + static_cast<int>(catalogue::index(catalogue::Column::modified_at));

struct SentColumn {
  std::string_view name;
  Column::Type type;
};

// What is sent of a row: its key, what it has beside its columns, and those that its source can fill, in their order.
std::vector<SentColumn> make_sent_columns() {
  using enum Column::Type;
  std::vector<SentColumn> columns{{"sku", text},        {"source", text},       {"content_hash", bytes},
                                  {"list_hash", bytes}, {"parse_status", text}, {"parse_error", text},
                                  {"list_json", text},  {"raw_json", text},     {"raw_bytes", bytes}};
  for (const auto& column : catalogue::kColumns)
    if (column.text || column.number) columns.push_back({column.name, column.text ? text : number});
  return columns;
}

const std::vector<SentColumn>& sent_columns() {
  static const std::vector<SentColumn> columns = make_sent_columns();
  return columns;
}

constexpr std::size_t kKeyColumns = 2;

// Each column by the format, with a comma between them: {0} is its name, {1} the number of its parameter.
std::string each_column(std::string_view format, std::size_t from = 0) {
  std::string joined;
  for (std::size_t i = from; i < sent_columns().size(); ++i) {
    if (!joined.empty()) joined += ", ";
    joined += fmt::format(fmt::runtime(format), sent_columns()[i].name, i + 1);
  }
  return joined;
}

// What stands behind the columns: the time, and the run.
std::string parameter_after(std::size_t more) {
  return fmt::format("${}", sent_columns().size() + more);
}

std::string sent_rows() {
  return fmt::format("unnest({}) AS s ({})", each_column("${1}"), each_column("{0}"));
}

const std::string& insertion_sql() {
  static const std::string sql = fmt::format(
      "INSERT INTO @products ({0}, created_at, updated_at, last_seen_run) SELECT {1}, {2}, {2}, {3} FROM {4}",
      each_column("{0}"), each_column("s.{0}"), parameter_after(1), parameter_after(2), sent_rows());
  return sql;
}

const std::string& rewriting_sql() {
  static const std::string sql = fmt::format(
      "UPDATE @products AS p SET {}, removed_at = NULL, updated_at = {}, last_seen_run = {} FROM {} "
      "WHERE p.sku = s.sku AND p.source = s.source",
      each_column("{0} = s.{0}", kKeyColumns), parameter_after(1), parameter_after(2), sent_rows());
  return sql;
}

}  // namespace

std::string stored_columns(std::string_view body_unless) {
  return fmt::format(
      "{0}, p.list_hash, p.parse_error, CASE WHEN {1} THEN NULL ELSE p.raw_json END, "
      "CASE WHEN {1} THEN NULL ELSE p.raw_bytes END",
      product_columns("p."), body_unless);
}

StoredMarks marks_of(const Row& row) {
  StoredMarks marks{.content_hash = row.bytes(kContentHash),
                    .row_hash = row.bytes(kRowHash),
                    .parsed = row.text(kParseStatus) == "OK",
                    .removed = !row.is_null(kRemovedAt)};
  if (!row.is_null(kModifiedAt)) marks.modified_at = row.text(kModifiedAt);
  return marks;
}

Product read_stored(const Row& row) {
  Product product = read_product(row).product;
  product.parse_error = row.text(kParseError);
  product.raw_json = row.text(row.is_null(kRawJson) ? kRawBytes : kRawJson);
  return product;
}

void add_body(Column& text, Column& bytes, const Product& product) {
  const std::string& body = product.raw_json;
  if (product.parse_status == ParseStatus::ok || (body.find('\0') == body.npos && is_utf8(body))) {
    text.add(body);
    bytes.add(std::nullopt);
  } else {
    text.add(std::nullopt);
    bytes.add(std::span(reinterpret_cast<const std::uint8_t*>(body.data()), body.size()));
  }
}

void add_hash_of_row(Column& column, const Product& product) {
  const auto hash = hash_of_row(product);
  hash.empty() ? column.add(std::nullopt) : column.add(hash);
}

ProductRows::ProductRows() {
  for (const auto& [name, type] : sent_columns()) columns_.emplace_back(type);
}

// In the order of sent_columns(). Without its hashes, one that could not be parsed is fetched again.
void ProductRows::add(const Product& product) {
  const bool parsed = product.parse_status == ParseStatus::ok;
  auto column = columns_.begin();
  const auto next = [&]() -> Column& { return *column++; };
  next().add(product.sku);
  next().add(product.source);
  parsed ? next().add(product.content_hash) : next().add(std::nullopt);
  parsed ? add_hash_of_row(next(), product) : next().add(std::nullopt);
  next().add(parsed ? "OK" : "PARSE_FAIL");
  parsed ? next().add(std::nullopt) : next().add(product.parse_error);
  next().add(product.list_json);
  Column& raw_json = next();
  add_body(raw_json, next(), product);
  for (const auto& info : catalogue::kColumns) {
    if (info.text) next().add(product.*info.text);
    if (info.number) next().add(product.*info.number);
  }
}

Statement ProductRows::insertion(std::string_view run_id, WallTime now) && {
  return {"insert products", insertion_sql(), std::move(*this).values(run_id, now)};
}

Statement ProductRows::rewriting(std::string_view run_id, WallTime now) && {
  return {"update products", rewriting_sql(), std::move(*this).values(run_id, now)};
}

Values ProductRows::values(std::string_view run_id, WallTime now) && {
  Values values;
  for (Column& column : columns_) values.add(std::move(column));
  return values.add(now).add(run_id);
}

}  // namespace pipeline::store::postgres
