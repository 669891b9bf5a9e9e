#include "csv_columns.h"

#include "pipeline/base/error.h"
#include "pipeline/base/text.h"

#include "excerpt.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace pipeline::upsert {
namespace {

constexpr std::size_t kShownCell = 40;

std::string_view trim(std::string_view text) noexcept {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

// -?digits(.0+)?: a spreadsheet may show a whole number as 12000.00.
std::optional<std::int64_t> whole_number(std::string_view text) noexcept {
  std::int64_t number = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  if (error != std::errc()) return std::nullopt;
  std::string_view fraction(end, static_cast<std::size_t>(last - end));
  if (fraction.empty()) return number;
  if (fraction.size() < 2 || fraction.front() != '.') return std::nullopt;
  fraction.remove_prefix(1);
  if (fraction.find_first_not_of('0') != std::string_view::npos) return std::nullopt;
  return number;
}

}  // namespace

CsvColumns::CsvColumns(const CsvRecord& header, std::string_view file, std::string_view shown_header) {
  for (std::size_t i = 0; i < header.size(); ++i) {
    const std::string_view name = trim(header[i]);
    const auto column = column_of_header(name);
    Field field{column         ? std::string(name_of(*column))
                : name.empty() ? fmt::format("column_{}", i + 1)
                               : std::string(name),
                {},
                column && is_integer(*column),
                name.empty()};
    if (std::ranges::find(fields_, field.name, &Field::name) != fields_.end())
      throw Error(
          fmt::format("cannot read {}: its header has the column `{}` twice, by whatever name; drop one. The "
                      "header: {}",
                      file, excerpt(field.name, kShownCell), shown_header));
    append_json_string(field.name, field.key);
    field.key += ':';
    fields_.push_back(std::move(field));
  }
  if (!has_sku(header))
    throw Error(
        fmt::format("cannot read {}: its first line, the header, names no column `sku`; name the column that "
                    "tells the products apart so. The header: {}",
                    file, shown_header));
}

bool CsvColumns::has_sku(const CsvRecord& header) {
  for (std::size_t i = 0; i < header.size(); ++i)
    if (column_of_header(trim(header[i])) == Column::sku) return true;
  return false;
}

std::string CsvColumns::to_json(const CsvRecord& record, std::string& json) const {
  if (record.size() != fields_.size())
    return fmt::format("has {} fields, the header has {}; is a comma outside of quotes?", record.size(),
                       fields_.size());
  std::string faults;
  json = '{';
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const Field& field = fields_[i];
    const std::string_view cell = field.whole_number ? trim(record[i]) : record[i];
    if (field.nameless && cell.empty()) continue;
    if (json.size() > 1) json += ',';
    json += field.key;
    if (cell.empty()) {
      json += "null";
    } else if (!field.whole_number) {
      append_json_string(cell, json);
    } else if (const auto number = whole_number(cell)) {
      json += std::to_string(*number);
    } else {
      if (!faults.empty()) faults += "; ";
      faults += fmt::format("{} is no whole number such as 12000: `{}`", field.name, excerpt(cell, kShownCell));
    }
  }
  json += '}';
  return faults;
}

}  // namespace pipeline::upsert
