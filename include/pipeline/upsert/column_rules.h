#pragma once

#include "pipeline/catalogue/columns.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::upsert {

// What somebody says of the columns of tables, and of the keys of JSON rows, over what is known of them.
struct ColumnRules {
  struct Rule {
    std::string name;                         // as the header, or the row, has it
    std::optional<catalogue::Column> column;  // absent: it stays in raw_json alone
  };
  std::vector<Rule> map;
  // The column whose values are the keys where no column is `sku`; absent: the channel product number.
  std::optional<catalogue::Column> sku_from;
};

// `COLUMN=FIELD`: the last `=` counts, FIELD is a column's own name or `raw_json`. Throws UsageError saying what is
// wrong.
[[nodiscard]] ColumnRules::Rule parse_column_rule(std::string_view text);

}  // namespace pipeline::upsert
