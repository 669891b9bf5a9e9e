#include "reading.h"

#include "pipeline/catalogue/columns.h"
#include "pipeline/sheet/excerpt.h"

#include "product_columns.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstddef>

namespace pipeline::upsert {

FileReading reading_of(const std::string& file, sheet::Reading reading, const ProductColumns& columns) {
  FileReading read;
  read.file = file;
  read.reading = std::move(reading);
  if (columns.kind() != nullptr) read.kind = columns.kind()->name;
  read.known_columns = columns.known_columns();
  for (auto& column : columns.told()) read.columns.push_back({std::move(column.name), std::move(column.field)});
  return read;
}

std::string reading_text(const FileReading& read) {
  constexpr std::size_t kShownSheet = 40;
  const sheet::Reading& how = read.reading;
  std::string text = fmt::format("read as {}", read.kind.empty() ? "products" : read.kind);
  if (!read.columns.empty()) text += fmt::format(" ({} of {} columns known)", read.known_columns, read.columns.size());
  text += ", " + how.format;
  if (!how.encoding.empty()) text += " in " + how.encoding;
  if (!how.separator.empty()) text += fmt::format(", separated by {}s", how.separator);
  if (!how.sheet.empty()) text += fmt::format(", sheet `{}`", sheet::excerpt(how.sheet, kShownSheet));
  if (!how.other_sheets.empty()) {
    std::vector<std::string> others;
    for (const auto& other : how.other_sheets) others.push_back("`" + sheet::excerpt(other, kShownSheet) + "`");
    text += fmt::format(" (left alone: {})", fmt::join(others, ", "));
  }
  if (how.header_row > 0) text += fmt::format(", header in {} {}", how.sheet.empty() ? "line" : "row", how.header_row);
  return text;
}

std::vector<std::pair<std::string, std::string>> fields_of(const catalogue::Product& product) {
  std::vector<std::pair<std::string, std::string>> fields{{"sku", product.sku}, {"source", product.source}};
  for (const catalogue::ColumnInfo& column : catalogue::kColumns) {
    const std::string name(column.name);
    if (column.text != nullptr && product.*column.text) fields.emplace_back(name, *(product.*column.text));
    if (column.number != nullptr && product.*column.number)
      fields.emplace_back(name, std::to_string(*(product.*column.number)));
  }
  return fields;
}

}  // namespace pipeline::upsert
