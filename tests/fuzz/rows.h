#pragma once

#include "pipeline/base/error.h"
#include "pipeline/base/text.h"
#include "pipeline/sheet/row_reader.h"
#include "pipeline/upsert/row_parser.h"

#include "memory_file.h"
#include "target.h"
#include "upsert/product_columns.h"
#include "upsert/row_names.h"

// What holds of the rows of every product file.
namespace pipeline::fuzz {

inline void try_row(const sheet::Row& row, upsert::RowNames& names) {
  upsert::RowParser parser("FEED");
  const simdjson::padded_string as_it_came(row.json);  // as a batch keeps it
  std::string_view named = as_it_came;
  if (const std::string fault = names.apply(named); !fault.empty())
    return require(is_utf8(fault), "a fault can be printed");
  const simdjson::padded_string json(named);
  const std::string_view found = parser.find_sku(json);
  const std::string sku(found);
  catalogue::Product first;
  const std::string fault = parser.parse(json, first);
  catalogue::Product second;
  require(parser.parse(json, second) == fault, "a row is judged the same twice");
  if (!fault.empty()) {
    require(is_utf8(fault), "a fault can be printed");
    return;
  }
  require(!first.sku.empty() && is_utf8(first.sku), "a row has a key that can be printed");
  require(first.sku == second.sku && first.content_hash == second.content_hash && first.row_hash == second.row_hash,
          "a row has the same hashes twice");
}

inline void try_rows(std::string_view bytes, const sheet::Layout& layout) {
  sheet::ByteSource source(memory_file(bytes), "input");
  try {
    const upsert::ColumnRules rules;
    upsert::ProductColumns columns(rules);
    const auto rows = sheet::open_rows(source, layout, columns, [](std::string_view, bool) {});
    upsert::RowNames names(rules);
    sheet::Row row;
    std::int64_t line = 0;
    for (auto got = rows->next(row); got != sheet::RowReader::Got::end; got = rows->next(row)) {
      if (got == sheet::RowReader::Got::nothing_yet) continue;
      require(row.line > line, "rows stand in their order");
      line = row.line;
      require((got == sheet::RowReader::Got::rejected) == !row.error.empty(), "a rejected row has a reason");
      if (got == sheet::RowReader::Got::row) try_row(row, names);
    }
  } catch (const Error& error) {
    require(std::string_view(error.what()).find("input") != std::string_view::npos, "a refusal names the file");
  }
}

}  // namespace pipeline::fuzz
