#pragma once

#include "pipeline/catalogue/file_kinds.h"
#include "pipeline/upsert/column_rules.h"

#include "product_columns.h"

#include <simdjson.h>

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::upsert {

// The keys of one file's JSON rows by the names of the table `products`, whatever names of a header they are: what is
// behind this knows no others. Rows that have those names, or the Commerce API's, are passed through as they are; that
// costs one look at their keys, which finds the SKU as well. Borrows the rules; for one thread.
class RowNames {
 public:
  explicit RowNames(const ColumnRules& rules) : rules_(rules) {}

  // Makes the row one by the table's names. What is wrong with its keys; empty when nothing is, and for what is no JSON
  // object, which its parser tells. Before and after, SIMDJSON_PADDING bytes behind it are readable; a row that was
  // renamed lasts until the next call.
  [[nodiscard]] std::string apply(std::string_view& json);

  // The SKU of that row, where it is spelt so that nothing has to be done to it; else empty. It lasts as long.
  [[nodiscard]] std::string_view plain_sku() const noexcept { return plain_sku_; }

  // How the first row was understood that had to be renamed; null: none had to.
  [[nodiscard]] const ProductColumns* first() const noexcept { return first_ ? &*first_ : nullptr; }
  // As ProductColumns has it, of all rows so far.
  [[nodiscard]] const std::set<std::string>& known_without_column() const noexcept { return known_; }
  // What is to be said of the names of the rows since the last call.
  [[nodiscard]] std::vector<std::string> take_notes();

 private:
  [[nodiscard]] bool has_tables_names(std::string_view json);
  void note_sku(simdjson::simdjson_result<simdjson::ondemand::value> value);
  [[nodiscard]] bool is_tables_name(std::string_view key);
  [[nodiscard]] bool read(std::string_view json);
  [[nodiscard]] std::string take_layout();

  const ColumnRules& rules_;
  simdjson::ondemand::parser parser_;
  std::string_view plain_sku_;
  std::vector<std::string> last_;                // the keys of the row before that need no other names
  std::set<std::string, std::less<>> no_names_;  // keys that are no column's by any name

  std::vector<std::string> keys_;  // of the row that is renamed
  std::vector<std::string_view> values_;
  std::vector<std::string> layout_keys_;  // those that layout_ goes by
  std::optional<ProductColumns> layout_;
  std::string layout_fault_;
  const catalogue::FileKind* kind_ = nullptr;
  std::optional<ProductColumns> first_;
  std::set<std::string> known_;
  std::set<std::string> notes_told_;
  std::vector<std::string> notes_;
  std::string renamed_;
};

}  // namespace pipeline::upsert
