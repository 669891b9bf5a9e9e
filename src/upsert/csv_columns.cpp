#include "csv_columns.h"

#include "pipeline/base/characters.h"
#include "pipeline/base/error.h"
#include "pipeline/base/log.h"
#include "pipeline/base/text.h"

#include "excerpt.h"
#include "whole_number.h"

#include <fmt/core.h>

#include <algorithm>

namespace pipeline::upsert {
namespace {

constexpr std::size_t kShownName = 40;

// The cell is one as JSON spells it: most are, and need not be read.
bool is_json_number(std::string_view cell) noexcept {
  constexpr std::size_t kSurelyWithin64Bits = 18;
  return !cell.empty() && cell.size() <= kSurelyWithin64Bits && (cell.front() != '0' || cell.size() == 1) &&
         std::ranges::all_of(cell, [](char c) { return c >= '0' && c <= '9'; });
}

void append_number(std::string_view cell, catalogue::Column column, std::string& json) {
  if (is_json_number(cell)) {
    json += cell;
  } else if (const WholeNumber read = read_whole_number(cell, column); read.number) {
    json += std::to_string(*read.number);
  } else if (read.fault.empty()) {
    json += "null";
  } else {
    append_json_string(cell, json);  // whoever reads the row says what is wrong
  }
}

}  // namespace

CsvColumns::CsvColumns(const CsvRecord& header, std::string_view file, std::string_view shown_header) {
  for (std::size_t i = 0; i < header.size(); ++i) {
    const std::string name = to_nfc(trim_blanks(header[i]));
    const auto column = catalogue::column_of_header(name);
    Field field;
    field.column = column;
    field.nameless = name.empty();
    field.name = column ? std::string(name_of(*column)) : name.empty() ? fmt::format("column_{}", i + 1) : name;
    add(std::move(field), name, file, shown_header);
  }
  if (!has_sku(header))
    throw Error(
        fmt::format("cannot read {}: its first line, the header, names no column `sku`; name the column that "
                    "tells the products apart so. The header: {}",
                    file, shown_header));
}

void CsvColumns::add(Field field, std::string_view written, std::string_view file, std::string_view shown_header) {
  const auto same_name = [&](const Field& other) { return other.name == field.name; };
  if (const auto other = std::ranges::find_if(fields_, same_name); other != fields_.end()) {
    if (field.column)
      throw Error(fmt::format(
          "cannot read {}: its columns `{}` and `{}` both are {}; drop one, or give it another name. The header: {}",
          file, excerpt(written_[static_cast<std::size_t>(other - fields_.begin())], kShownName),
          excerpt(written, kShownName), field.name, shown_header));
    const std::string name = field.name;
    for (int n = 2; std::ranges::any_of(fields_, same_name); ++n) field.name = fmt::format("{}_{}", name, n);
    log::warn("{}: its column `{}` stands there more than once; column {} is kept as `{}`", file,
              excerpt(name, kShownName), fields_.size() + 1, excerpt(field.name, kShownName));
  }
  append_json_string(field.name, field.key);
  field.key += ':';
  fields_.push_back(std::move(field));
  written_.emplace_back(written);
}

bool CsvColumns::has_sku(const CsvRecord& header) {
  for (std::size_t i = 0; i < header.size(); ++i)
    if (catalogue::column_of_header(trim_blanks(header[i])) == catalogue::Column::sku) return true;
  return false;
}

bool CsvColumns::is_empty(const CsvRecord& record) {
  for (std::size_t i = 0; i < record.size(); ++i)
    if (!trim_blanks(record[i]).empty()) return false;
  return true;
}

std::string CsvColumns::fault_of(const CsvRecord& record) const {
  for (std::size_t i = fields_.size(); i < record.size(); ++i)
    if (!trim_blanks(record[i]).empty())
      return fmt::format("has {} fields, the header has {}; is a comma outside of quotes?", record.size(),
                         fields_.size());
  return {};
}

bool CsvColumns::is_row(const CsvRecord& record) const {
  bool has_number = false;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (!fields_[i].column) continue;
    const std::string_view cell = i < record.size() ? record[i] : std::string_view();
    if (fields_[i].column == catalogue::Column::sku && trim_blanks(cell).empty()) return false;
    if (!is_number(*fields_[i].column)) continue;
    const WholeNumber read = read_whole_number(cell, *fields_[i].column);
    if (!read.fault.empty()) return false;
    has_number |= read.number.has_value();
  }
  return has_number;
}

void CsvColumns::to_json(const CsvRecord& record, std::string& json) const {
  json = '{';
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const Field& field = fields_[i];
    const std::string_view cell = i < record.size() ? record[i] : std::string_view();
    if (field.nameless && cell.empty()) continue;
    if (json.size() > 1) json += ',';
    json += field.key;
    if (cell.empty())
      json += "null";
    else if (field.column && is_number(*field.column))
      append_number(cell, *field.column, json);
    else
      append_json_string(cell, json);
  }
  json += '}';
}

}  // namespace pipeline::upsert
