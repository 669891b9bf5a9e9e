#include "pipeline/store/product_writer.h"

#include "pipeline/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <utility>

namespace pipeline::store {
namespace {

// What a delivered product says of its row, and the parameters of bind_product(). sku is ?1. The indexed columns stand
// apart: an UPDATE that names one takes its index entry out and puts it back even when it is the same, which costs a
// page or two of log for each product.
constexpr std::string_view kColumns =
    "content_hash, list_hash, parse_error, modified_at, updated_at, last_seen_run, origin_product_no, "
    "channel_product_no, name, status, display_status, sale_price, discounted_price, stock_quantity, category_id, "
    "category_name, brand, manufacturer, image_url, list_json, raw_json";
constexpr std::string_view kParameters =
    "?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22";

// The columns whose change someone who wrote about the product wants to know, in the order of the statement read_.
struct NumberColumn {
  std::string_view name;
  Reason reason;
  std::optional<std::int64_t> Product::*value;
};
struct TextColumn {
  std::string_view name;
  Reason reason;
  std::optional<std::string> Product::*value;
};
constexpr std::array kNumbers = {
    NumberColumn{"sale_price", Reason::price, &Product::sale_price},
    NumberColumn{"discounted_price", Reason::price, &Product::discounted_price},
    NumberColumn{"stock_quantity", Reason::stock, &Product::stock_quantity},
};
constexpr std::array kTexts = {
    TextColumn{"status", Reason::status, &Product::status},
    TextColumn{"display_status", Reason::status, &Product::display_status},
    TextColumn{"name", Reason::content, &Product::name},
    TextColumn{"seller_management_code", Reason::content, &Product::seller_management_code},
    TextColumn{"category_id", Reason::content, &Product::category_id},
    TextColumn{"category_name", Reason::content, &Product::category_name},
    TextColumn{"brand", Reason::content, &Product::brand},
    TextColumn{"manufacturer", Reason::content, &Product::manufacturer},
    TextColumn{"image_url", Reason::content, &Product::image_url},
};

std::string read_sql() {
  std::string sql = "SELECT content_hash, raw_json";
  for (const NumberColumn& column : kNumbers) sql += fmt::format(", {}", column.name);
  for (const TextColumn& column : kTexts) sql += fmt::format(", {}", column.name);
  return sql + " FROM products WHERE sku = ?1";
}

std::string json_text(std::string_view text) {
  std::string json;
  append_json_string(text, json);
  return json;
}

std::string json_number(std::optional<std::int64_t> number) {
  return number ? std::to_string(*number) : "null";
}

Change came(const Product& product) {
  return {Reason::new_product, "product", "null", json_text(product.name ? *product.name : product.sku)};
}

bool equal_text(const Statement& row, int column, const std::optional<std::string>& text) {
  return row.is_null(column) ? !text : text && row.text(column) == *text;
}

std::string json_value(const Statement& row, int column) {
  return row.is_null(column) ? "null" : json_text(row.text(column));
}

// A body that can't be parsed may not even be text.
void bind_body(Statement& statement, int index, const Product& product) {
  if (product.parse_status == ParseStatus::fail && !is_utf8(product.raw_json)) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(product.raw_json.data());
    statement.bind(index, std::span(bytes, product.raw_json.size()));
  } else {
    statement.bind(index, product.raw_json);
  }
}

bool equal(std::span<const std::uint8_t> stored, const std::optional<Sha256>& hash) {
  return hash ? std::ranges::equal(stored, *hash) : stored.empty();
}

std::string json_digest(std::span<const std::uint8_t> digest) {
  return digest.empty() ? "null" : fmt::format("\"{:02x}\"", fmt::join(digest, ""));
}

}  // namespace

ProductWriter::ProductWriter(Database& database, metrics::Metrics& metrics, BodyDiff body_diff, std::string run_id,
                             WriterOptions options)
    : database_(database),
      body_diff_(std::move(body_diff)),
      run_id_(std::move(run_id)),
      options_(options),
      expect_unknown_(options.sku_is_key),
      queue_(database),
      upsert_rows_(metrics.counter("db_upsert_rows_total")),
      skipped_(metrics.counter("no_change_skip_total")),
      enqueued_(metrics.counter("refresh_queue_enqueue_total")),
      look_up_(database, "look up a product",
               "SELECT content_hash, list_hash, parse_status, removed_at, modified_at, source FROM products "
               "WHERE sku = ?1"),
      look_up_row_(database, "look up a product's row",
                   "SELECT list_hash, parse_status, removed_at, source FROM products WHERE sku = ?1"),
      read_(database, "read a product", read_sql()),
      insert_(database, "insert a product",
              fmt::format("INSERT INTO products (sku, {}, source, seller_management_code, parse_status, created_at) "
                          "VALUES (?1, {}, ?23, ?24, ?25, ?6) ON CONFLICT DO NOTHING",
                          kColumns, kParameters)),
      rewrite_(database, "update a product",
               fmt::format("UPDATE products SET ({}) = ({}) WHERE sku = ?1", kColumns, kParameters)),
      reindex_(database, "update a product's indexed columns",
               "UPDATE products SET source = ?2, seller_management_code = ?3, parse_status = 'OK', removed_at = NULL "
               "WHERE sku = ?1 AND (source <> ?2 OR seller_management_code IS NOT ?3 OR parse_status <> 'OK' "
               "OR removed_at IS NOT NULL)"),
      follow_list_(database, "update a product's list hash",
                   "UPDATE products SET list_hash = ?2, list_json = ?3, modified_at = ?4 WHERE sku = ?1"),
      mark_failed_(database, "mark a product that can't be parsed",
                   "UPDATE products SET parse_status = 'PARSE_FAIL', parse_error = ?2, raw_json = ?3, "
                   "list_hash = NULL, updated_at = ?4, last_seen_run = ?5 WHERE sku = ?1 "
                   "AND (parse_status <> 'PARSE_FAIL' OR parse_error IS NOT ?2 OR raw_json IS NOT ?3)"),
      mark_removed_(database, "mark a product as removed",
                    "UPDATE products SET removed_at = ?2, list_hash = NULL, updated_at = ?2, last_seen_run = ?3 "
                    "WHERE sku = ?1 AND removed_at IS NULL RETURNING coalesce(name, sku)"),
      forget_check_(database, "forget a detail's check", "DELETE FROM detail_checks WHERE sku = ?1") {}

WriteOutcome ProductWriter::write(const Product& product) {
  if (product.parse_status == ParseStatus::fail) return write_failure(product);
  // The insert looks the key up as well: among new products nothing else needs to.
  if (expect_unknown_ && insert(product)) return WriteOutcome::inserted;
  const auto stored = look_up(product);
  expect_unknown_ = !stored && options_.sku_is_key;
  if (!stored) {
    insert(product);
    return WriteOutcome::inserted;
  }
  if (options_.keep_source && !stored->same_source) return WriteOutcome::foreign;
  if (options_.skip_equal && stored->same_content && stored->parsed && !stored->removed) {
    if (options_.follow_list && !stored->same_list) follow_list(product);
    skipped_.add();
    return WriteOutcome::unchanged;
  }
  const auto changes = changes_to(*stored, product);
  rewrite(product);
  if (!changes.empty()) enqueue(product.sku, changes);
  return WriteOutcome::updated;
}

WritePreview ProductWriter::preview(const Product& product) {
  const auto stored = look_up(product);
  if (!stored) return {WriteOutcome::inserted, {came(product)}};
  if (options_.keep_source && !stored->same_source) return {WriteOutcome::foreign, {}};
  if (options_.skip_equal && stored->same_content && stored->parsed && !stored->removed)
    return {WriteOutcome::unchanged, {}};
  return {WriteOutcome::updated, changes_to(*stored, product)};
}

bool ProductWriter::is_made_of(const Fingerprint& list_hash, std::string_view sku, std::string_view source) {
  look_up_row_.bind(1, sku);
  const Statement::Use use(look_up_row_);
  if (!look_up_row_.step() || !std::ranges::equal(look_up_row_.blob(0), list_hash) || look_up_row_.text(1) != "OK" ||
      !look_up_row_.is_null(2) || look_up_row_.text(3) != source) {
    return false;
  }
  skipped_.add();
  return true;
}

std::optional<ProductWriter::Stored> ProductWriter::look_up(const Product& product) {
  look_up_.bind(1, product.sku);
  const Statement::Use use(look_up_);
  if (!look_up_.step()) return std::nullopt;
  Stored stored;
  stored.same_content = product.content_hash && equal(look_up_.blob(0), product.content_hash);
  stored.same_list = equal(look_up_.blob(1), product.list_hash) && equal_text(look_up_, 4, product.modified_at);
  stored.parsed = look_up_.text(2) == "OK";
  stored.never_parsed = !stored.parsed && look_up_.is_null(0);
  stored.removed = !look_up_.is_null(3);
  stored.same_source = look_up_.text(5) == product.source;
  return stored;
}

// None when only the body can be read again, and says what is known.
std::vector<Change> ProductWriter::changes_to(const Stored& stored, const Product& product) {
  if (stored.removed || stored.never_parsed) return {came(product)};
  if (stored.same_content) return {};
  return changes_since(product, stored.parsed);
}

WriteOutcome ProductWriter::write_failure(const Product& product) {
  if (!look_up(product)) {
    insert(product);
    return WriteOutcome::inserted;
  }
  mark_failed_.bind(1, product.sku).bind(2, product.parse_error);
  bind_body(mark_failed_, 3, product);
  mark_failed_.bind(4, database_.clock().wall()).bind(5, run_id_).run();
  if (database_.changes() == 0) {
    skipped_.add();
    return WriteOutcome::unchanged;
  }
  upsert_rows_.add();
  return WriteOutcome::updated;
}

bool ProductWriter::remove(std::string_view sku) {
  std::string name;
  {
    mark_removed_.bind(1, sku).bind(2, database_.clock().wall()).bind(3, run_id_);
    const Statement::Use use(mark_removed_);
    if (!mark_removed_.step()) return false;
    name = mark_removed_.text(0);
    mark_removed_.run();
  }
  forget_check_.bind(1, sku).run();
  enqueue(sku, {Change{Reason::removed, "product", json_text(name), "null"}});
  return true;
}

// Queued as new when it parsed. False: it is known, and left as it was.
bool ProductWriter::insert(const Product& product) {
  bind_product(insert_, product);
  const bool parsed = product.parse_status == ParseStatus::ok;
  insert_.bind(23, product.source)
      .bind(24, product.seller_management_code)
      .bind(25, parsed ? std::string_view("OK") : std::string_view("PARSE_FAIL"))
      .run();
  if (database_.changes() == 0) return false;
  upsert_rows_.add();
  if (parsed) enqueue(product.sku, {came(product)});
  return true;
}

// Of a product that parsed.
void ProductWriter::rewrite(const Product& product) {
  bind_product(rewrite_, product);
  rewrite_.run();
  reindex_.bind(1, product.sku).bind(2, product.source).bind(3, product.seller_management_code).run();
  upsert_rows_.add();
}

void ProductWriter::follow_list(const Product& product) {
  follow_list_.bind(1, product.sku)
      .bind(2, product.list_hash)
      .bind(3, product.list_json)
      .bind(4, product.modified_at)
      .run();
}

void ProductWriter::bind_product(Statement& statement, const Product& product) {
  statement.bind(1, product.sku);
  if (product.parse_status == ParseStatus::ok) {
    statement.bind(2, product.content_hash).bind(3, product.list_hash).bind(4, std::nullopt);
  } else {  // without a list_hash the next run fetches it again
    statement.bind(2, std::nullopt).bind(3, std::nullopt).bind(4, product.parse_error);
  }
  statement.bind(5, product.modified_at)
      .bind(6, database_.clock().wall())
      .bind(7, run_id_)
      .bind(8, product.origin_product_no)
      .bind(9, product.channel_product_no)
      .bind(10, product.name)
      .bind(11, product.status)
      .bind(12, product.display_status)
      .bind(13, product.sale_price)
      .bind(14, product.discounted_price)
      .bind(15, product.stock_quantity)
      .bind(16, product.category_id)
      .bind(17, product.category_name)
      .bind(18, product.brand)
      .bind(19, product.manufacturer)
      .bind(20, product.image_url)
      .bind(21, product.list_json);
  bind_body(statement, 22, product);
}

// `compare_bodies`: the stored body is one that parsed.
std::vector<Change> ProductWriter::changes_since(const Product& product, bool compare_bodies) {
  std::vector<Change> changes;
  read_.bind(1, product.sku);
  const Statement::Use use(read_);
  read_.step();
  int column = 2;
  for (const NumberColumn& number : kNumbers) {
    const std::optional<std::int64_t>& now = product.*number.value;
    const auto before = read_.is_null(column) ? std::nullopt : std::optional(read_.integer(column));
    if (before != now) {
      changes.push_back({number.reason, std::string(number.name), json_number(before), json_number(now)});
    }
    ++column;
  }
  for (const TextColumn& text : kTexts) {
    const std::optional<std::string>& now = product.*text.value;
    if (!equal_text(read_, column, now)) {
      changes.push_back(
          {text.reason, std::string(text.name), json_value(read_, column), now ? json_text(*now) : "null"});
    }
    ++column;
  }
  if (compare_bodies && body_diff_)
    std::ranges::move(body_diff_(read_.text(1), product.raw_json), std::back_inserter(changes));
  if (changes.empty()) {
    const auto after = product.content_hash ? json_digest(*product.content_hash) : "null";
    changes.push_back({Reason::content, "content", json_digest(read_.blob(0)), after});
  }
  return changes;
}

void ProductWriter::enqueue(std::string_view sku, const std::vector<Change>& changes) {
  if (queue_.enqueue(sku, changes) != Enqueued::settled) enqueued_.add();
}

}  // namespace pipeline::store
