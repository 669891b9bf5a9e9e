#include "product_writer.h"

#include "pipeline/base/text.h"
#include "pipeline/catalogue/columns.h"

#include "product_row.h"
#include "sku_index.h"

#include <fmt/format.h>

#include <span>
#include <utility>

namespace pipeline::store::sqlite {
namespace {

// What a delivered product says of its row beside its columns: parameters 3 to 9 of bind_product(); ?1 and ?2 are its
// key.
constexpr std::string_view kOwnColumns =
    "content_hash, list_hash, parse_error, updated_at, last_seen_run, list_json, raw_json";
constexpr std::string_view kOwnParameters = "?3, ?4, ?5, ?6, ?7, ?8, ?9";
constexpr int kFirstColumn = 10;

// The indexed columns stand apart: an UPDATE that names one takes its index entry out and puts it back even when it is
// the same, which costs a page or two of log for each product.
bool is_rewritten(const catalogue::ColumnInfo& column) noexcept {
  return (column.text || column.number) && column.name != name_of(catalogue::Column::seller_management_code);
}

// As the statements name them, and the parameter behind theirs.
struct ColumnList {
  std::string names{kOwnColumns};
  std::string parameters{kOwnParameters};
  int next = kFirstColumn;
};

const ColumnList& rewritten_columns() {
  static const ColumnList columns = [] {
    ColumnList list;
    for (const auto& column : catalogue::kColumns) {
      if (!is_rewritten(column)) continue;
      list.names += fmt::format(", {}", column.name);
      list.parameters += fmt::format(", ?{}", list.next++);
    }
    return list;
  }();
  return columns;
}

// A body that can't be parsed may not even be text.
void bind_body(Statement& statement, int index, const catalogue::Product& product) {
  if (product.parse_status == catalogue::ParseStatus::fail && !is_utf8(product.raw_json)) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(product.raw_json.data());
    statement.bind(index, std::span(bytes, product.raw_json.size()));
  } else {
    statement.bind(index, product.raw_json);
  }
}

// NULL when there are none.
void bind_hash(Statement& statement, int index, std::span<const std::uint8_t> hash) {
  hash.empty() ? statement.bind(index, std::nullopt) : statement.bind(index, hash);
}

}  // namespace

ProductWriter::ProductWriter(Connection& connection)
    : connection_(connection),
      has_key_(has_sku_index(connection)),
      expect_unknown_(has_key_),
      queue_(connection),
      look_up_(connection, "look up a product",
               "SELECT content_hash, list_hash, parse_status, removed_at, modified_at FROM products "
               "WHERE sku = ?1 AND source = ?2"),
      look_up_row_(connection, "look up a product's row",
                   "SELECT list_hash, parse_status, removed_at FROM products WHERE sku = ?1 AND source = ?2"),
      read_(connection, "read a product",
            fmt::format("SELECT {}, raw_json FROM products WHERE sku = ?1 AND source = ?2", product_columns())),
      insert_(connection, "insert a product",
              fmt::format("INSERT INTO products (sku, source, {}, seller_management_code, parse_status, created_at) "
                          "VALUES (?1, ?2, {}, ?{}, ?{}, ?6) ON CONFLICT DO NOTHING",
                          rewritten_columns().names, rewritten_columns().parameters, rewritten_columns().next,
                          rewritten_columns().next + 1)),
      rewrite_(connection, "update a product",
               fmt::format("UPDATE products SET ({}) = ({}) WHERE sku = ?1 AND source = ?2", rewritten_columns().names,
                           rewritten_columns().parameters)),
      reindex_(
          connection, "update a product's indexed columns",
          "UPDATE products SET seller_management_code = ?3, parse_status = 'OK', removed_at = NULL WHERE sku = ?1 "
          "AND source = ?2 AND (seller_management_code IS NOT ?3 OR parse_status <> 'OK' OR removed_at IS NOT NULL)"),
      follow_list_(
          connection, "update a product's list hash",
          "UPDATE products SET list_hash = ?3, list_json = ?4, modified_at = ?5 WHERE sku = ?1 AND source = ?2"),
      mark_failed_(
          connection, "mark a product that can't be parsed",
          "UPDATE products SET parse_status = 'PARSE_FAIL', parse_error = ?3, raw_json = ?4, list_hash = NULL, "
          "updated_at = ?5, last_seen_run = ?6 WHERE sku = ?1 AND source = ?2 "
          "AND (parse_status <> 'PARSE_FAIL' OR parse_error IS NOT ?3 OR raw_json IS NOT ?4)"),
      mark_removed_(connection, "mark a product as removed",
                    "UPDATE products SET removed_at = ?3, list_hash = NULL, updated_at = ?3, last_seen_run = ?4 "
                    "WHERE sku = ?1 AND source = ?2 AND removed_at IS NULL RETURNING coalesce(name, sku)"),
      verify_(connection, "note a verified detail",
              "INSERT INTO detail_checks (source, sku, verified_at) VALUES (?1, ?2, ?3) "
              "ON CONFLICT (source, sku) DO UPDATE SET verified_at = excluded.verified_at"),
      forget_check_(connection, "forget a detail's check", "DELETE FROM detail_checks WHERE source = ?1 AND sku = ?2") {
}

WriteOutcome ProductWriter::write(const Delivery& delivery, const Writing& how, std::int64_t& enqueued) {
  const catalogue::Product& product = *delivery.product;
  if (product.parse_status == catalogue::ParseStatus::fail) return write_failure(product, how);
  // The insert looks the key up as well: among new products nothing else needs to.
  if (expect_unknown_ && delivery.may_be_new && insert(product, how, enqueued)) return WriteOutcome::inserted;
  const auto [outcome, after, changes, list_moved] = judge(delivery, how);
  expect_unknown_ = (outcome == WriteOutcome::inserted || outcome == WriteOutcome::unknown) && has_key_;
  if (outcome == WriteOutcome::inserted) insert(*after, how, enqueued);
  if (list_moved) follow_list(*after);
  if (outcome == WriteOutcome::updated) {
    rewrite(*after, how);
    if (!changes.empty()) enqueue(after->key(), changes, enqueued);
  }
  return outcome;
}

WritePreview ProductWriter::preview(const Delivery& delivery, const Writing& how) {
  auto [outcome, after, changes, list_moved] = judge(delivery, how);
  return {outcome, after->name.value_or(""), std::move(changes)};
}

bool ProductWriter::is_made_of(const RowProof& row, const Writing& how) {
  look_up_row_.bind(1, row.product.sku).bind(2, row.product.source);
  const Statement::Use use(look_up_row_);
  return look_up_row_.step() && has_led_to(row.row_hash, look_up_row_.blob(0), how) && look_up_row_.text(1) == "OK" &&
         look_up_row_.is_null(2);
}

bool ProductWriter::is_known(const catalogue::ProductKey& product) {
  const Statement::Use use(look_up_);
  return look_up_.bind(1, product.sku).bind(2, product.source).step();
}

Verdict ProductWriter::judge(const Delivery& delivery, const Writing& how) {
  const catalogue::Product& product = *delivery.product;
  const Statement::Use use(look_up_);
  if (!look_up_.bind(1, product.sku).bind(2, product.source).step()) return judge_unknown(delivery);
  StoredMarks marks{.content_hash = look_up_.blob(0),
                    .row_hash = look_up_.blob(1),
                    .parsed = look_up_.text(2) == "OK",
                    .removed = !look_up_.is_null(3)};
  if (!look_up_.is_null(4)) marks.modified_at = look_up_.text(4);
  const auto read = [&]() -> const catalogue::Product& { return read_stored(product.key()); };
  return store::judge(marks, read, product, how);
}

const catalogue::Product& ProductWriter::read_stored(const catalogue::ProductKey& product) {
  read_.bind(1, product.sku).bind(2, product.source);
  const Statement::Use use(read_);
  read_.step();
  before_ = read_product(read_).product;
  before_.raw_json = read_.text(kProductColumnCount);
  return before_;
}

WriteOutcome ProductWriter::write_failure(const catalogue::Product& product, const Writing& how) {
  if (!is_known(product.key())) {
    std::int64_t none = 0;  // nothing is queued of what was never read
    insert(product, how, none);
    return WriteOutcome::inserted;
  }
  mark_failed_.bind(1, product.sku).bind(2, product.source).bind(3, product.parse_error);
  bind_body(mark_failed_, 4, product);
  mark_failed_.bind(5, connection_.clock().wall()).bind(6, how.run_id).run();
  return connection_.changes() == 0 ? WriteOutcome::unchanged : WriteOutcome::updated;
}

bool ProductWriter::remove(const catalogue::ProductKey& product, std::string_view run_id, std::int64_t& enqueued) {
  std::string name;
  {
    mark_removed_.bind(1, product.sku).bind(2, product.source).bind(3, connection_.clock().wall()).bind(4, run_id);
    const Statement::Use use(mark_removed_);
    if (!mark_removed_.step()) return false;
    name = mark_removed_.text(0);
    mark_removed_.run();
  }
  forget_check_.bind(1, product.source).bind(2, product.sku).run();
  enqueue(product, {went(name)}, enqueued);
  return true;
}

void ProductWriter::note_verified(const catalogue::ProductKey& product) {
  verify_.bind(1, product.source).bind(2, product.sku).bind(3, connection_.clock().wall()).run();
}

// Queued as new when it parsed. False: it is known, and left as it was.
bool ProductWriter::insert(const catalogue::Product& product, const Writing& how, std::int64_t& enqueued) {
  bind_product(insert_, product, how);
  const bool parsed = product.parse_status == catalogue::ParseStatus::ok;
  insert_.bind(rewritten_columns().next, product.seller_management_code)
      .bind(rewritten_columns().next + 1, parsed ? std::string_view("OK") : std::string_view("PARSE_FAIL"))
      .run();
  if (connection_.changes() == 0) return false;
  if (parsed) enqueue(product.key(), {came(product)}, enqueued);
  return true;
}

// Of a product that parsed.
void ProductWriter::rewrite(const catalogue::Product& product, const Writing& how) {
  bind_product(rewrite_, product, how);
  rewrite_.run();
  reindex_.bind(1, product.sku).bind(2, product.source).bind(3, product.seller_management_code).run();
}

void ProductWriter::follow_list(const catalogue::Product& product) {
  follow_list_.bind(1, product.sku).bind(2, product.source).bind(4, product.list_json).bind(5, product.modified_at);
  bind_hash(follow_list_, 3, hash_of_row(product));
  follow_list_.run();
}

void ProductWriter::bind_product(Statement& statement, const catalogue::Product& product, const Writing& how) {
  statement.bind(1, product.sku).bind(2, product.source);
  if (product.parse_status == catalogue::ParseStatus::ok) {
    statement.bind(3, product.content_hash).bind(5, std::nullopt);
    bind_hash(statement, 4, hash_of_row(product));
  } else {  // without a list_hash the next run fetches it again
    statement.bind(3, std::nullopt).bind(4, std::nullopt).bind(5, product.parse_error);
  }
  statement.bind(6, connection_.clock().wall()).bind(7, how.run_id).bind(8, product.list_json);
  bind_body(statement, 9, product);
  int parameter = kFirstColumn;
  for (const auto& column : catalogue::kColumns) {
    if (!is_rewritten(column)) continue;
    column.text ? statement.bind(parameter, product.*column.text) : statement.bind(parameter, product.*column.number);
    ++parameter;
  }
}

void ProductWriter::enqueue(const catalogue::ProductKey& product, const std::vector<catalogue::Change>& changes,
                            std::int64_t& enqueued) {
  if (queue_.enqueue(product, changes) != Enqueued::settled) ++enqueued;
}

}  // namespace pipeline::store::sqlite
