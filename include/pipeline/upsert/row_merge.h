#pragma once

#include "pipeline/catalogue/columns.h"
#include "pipeline/catalogue/product.h"
#include "pipeline/store/catalogue.h"

#include <simdjson.h>

#include <bitset>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::upsert {

// What a row does not say stays: lays a row over what is known of its product. A member of the row takes the place of
// the column it stands for, whatever either is called, or of the member with its key; all others stay as they are
// spelt. Rows are JSON objects that parsed. One is meant to be kept and reused; not thread-safe. What it gives lasts
// until the next call, and has SIMDJSON_PADDING readable bytes behind it.
class RowMerge {
 public:
  // Rows of one product, of which the later has the last word, as one row, its nulls included. Absent: the last one
  // says all that the others do.
  [[nodiscard]] std::optional<std::string_view> join(std::span<const std::string_view> rows);

  // The stored product, whose body may be a row, a detail of the Commerce API or nothing that can be read, with the row
  // over it, as one row without nulls. Absent: nothing of what is stored stays.
  [[nodiscard]] std::optional<std::string_view> complete(const catalogue::Product& stored, std::string_view row);
  // Whether the body of the stored product was a row.
  [[nodiscard]] bool body_was_row() const noexcept { return base_.has(catalogue::Column::sku); }

 private:
  // `value` as it is spelt.
  struct Member {
    std::string_view key;
    std::optional<catalogue::Column> column;
    std::string_view value;
    bool null;
  };
  // A JSON object taken apart.
  class Object {
   public:
    [[nodiscard]] bool read(std::string_view json);  // false: it is none
    [[nodiscard]] const std::vector<Member>& members() const noexcept { return members_; }
    [[nodiscard]] bool has(catalogue::Column column) const noexcept;

   private:
    simdjson::ondemand::parser parser_;
    std::string json_;
    std::vector<Member> members_;
  };

  [[nodiscard]] bool read_row(std::string_view row);
  [[nodiscard]] bool names(const Member& member) const;
  void append_columns(const catalogue::Product& stored);
  [[nodiscard]] std::string_view finished();
  void append(const Member& member);
  void append_key(std::string_view key);

  Object base_;
  Object row_;
  std::bitset<catalogue::kColumns.size()> columns_;  // that the row names, or one of those joined so far
  std::vector<std::string_view> keys_;               // that the row names and have no column, in order
  std::set<std::string, std::less<>> joined_keys_;   // the same of those joined so far
  std::string text_;
};

// What completes a product of a file by what is stored; `source` is that of rows that name none. Where something of the
// stored product stays, row_hash becomes store::part_of() the row's. For one thread.
[[nodiscard]] store::Completion make_completion(std::string source);

}  // namespace pipeline::upsert
