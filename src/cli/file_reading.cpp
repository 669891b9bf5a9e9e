#include "file_reading.h"

#include "pipeline/base/text.h"
#include "pipeline/catalogue/columns.h"
#include "pipeline/sheet/excerpt.h"

#include "summary.h"
#include "table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace pipeline::cli {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kShownName = 40;
constexpr std::size_t kShownValue = 30;

std::string indented(const std::string& table) {
  std::string out;
  for (std::size_t at = 0; at < table.size();) {
    const std::size_t end = table.find('\n', at) + 1;
    out += "  " + table.substr(at, end - at);
    at = end;
  }
  return out;
}

std::string how(const sheet::Reading& reading) {
  std::string text = reading.format;
  if (!reading.sheet.empty()) text += fmt::format(", sheet `{}`", sheet::excerpt(reading.sheet, kShownName));
  if (!reading.encoding.empty()) text += ", encoding " + reading.encoding;
  if (!reading.separator.empty()) text += ", separator " + reading.separator;
  if (reading.header_row > 0)
    text += fmt::format(", header in {} {}", reading.sheet.empty() ? "line" : "row", reading.header_row);
  return text;
}

bool is_rejected(const upsert::FileReading::Sample& sample) {
  return !sample.fault.empty();
}

// A field as its readers call it: `판매가(sale_price)`, for `--map` takes the name.
std::string field_text(const std::string& field, const Language& language) {
  const auto column = catalogue::column_of(field);
  if (language.is_english()) return field;
  return column ? fmt::format("{}({})", catalogue::info(*column).korean, field) : language.text(field);
}

// One line per field, one column per row: a product has more fields than a terminal has room for.
std::string samples_table(std::vector<upsert::FileReading::Sample> samples, const Language& language) {
  std::erase_if(samples, is_rejected);
  std::vector<std::string> fields;
  for (const auto& sample : samples)
    for (const auto& [field, value] : sample.fields)
      if (std::ranges::find(fields, field) == fields.end()) fields.push_back(field);
  std::vector<std::vector<std::string>> lines{{"would be stored"}};
  for (const auto& sample : samples) lines[0].push_back(fmt::format("line {}", sample.line));
  for (const std::string& name : fields) {
    std::vector<std::string> line{field_text(name, language)};
    for (const auto& sample : samples) {
      const auto found = std::ranges::find(sample.fields, name, [](const auto& field) { return field.first; });
      line.push_back(found == sample.fields.end() ? "" : sheet::excerpt(found->second, kShownValue));
    }
    lines.push_back(std::move(line));
  }
  return table_text(std::move(lines), std::string(samples.size() + 1, 'l'), language);
}

}  // namespace

std::string reading_text(const upsert::FileReading& read, const Language& language) {
  std::string text = read.file + "\n";
  if (!read.kind.empty())
    text += fmt::format("  read as {} ({} of {} columns known)\n", read.kind, read.known_columns, read.columns.size());
  text += fmt::format("  {}\n", how(read.reading));
  if (!read.reading.other_sheets.empty())
    text += fmt::format("  sheets left alone: {}\n", fmt::join(read.reading.other_sheets, ", "));
  if (!read.reading.above.empty())
    text += fmt::format("  left out above the header: {}\n", fmt::join(read.reading.above, " / "));
  if (!read.reading.guides.empty())
    text += fmt::format("  left out below the header, as it explains the columns: {}\n",
                        fmt::join(read.reading.guides, " / "));
  if (!read.columns.empty()) {
    std::vector<std::vector<std::string>> lines{{"column", "field"}};
    for (const auto& column : read.columns)
      lines.push_back({sheet::excerpt(column.name, kShownName), field_text(column.field, language)});
    text += indented(table_text(std::move(lines), "ll", language));
  }
  if (!std::ranges::all_of(read.samples, is_rejected)) text += indented(samples_table(read.samples, language));
  for (const auto& sample : read.samples)
    if (is_rejected(sample)) text += fmt::format("  line {} would be rejected: {}\n", sample.line, sample.fault);
  return text + "\n";
}

ordered_json reading_json(const upsert::FileReading& read) {
  const sheet::Reading& reading = read.reading;
  ordered_json json = {
      {"file", read.file},
      {"read_as", or_null(read.kind)},
      {"format", reading.format},
      {"encoding", or_null(reading.encoding)},
      {"separator", or_null(reading.separator)},
      {"sheet", or_null(reading.sheet)},
      {"other_sheets", reading.other_sheets},
      {"header_row", reading.header_row > 0 ? ordered_json(reading.header_row) : ordered_json(nullptr)},
      {"above_header", reading.above},
      {"guides", reading.guides},
      {"known_columns", read.known_columns}};
  json["columns"] = ordered_json::array();
  for (const auto& column : read.columns) json["columns"].push_back({{"column", column.name}, {"field", column.field}});
  json["rows"] = ordered_json::array();
  for (const auto& sample : read.samples) {
    ordered_json row = {{"line", sample.line}, {"rejected", or_null(sample.fault)}};
    row["fields"] = ordered_json::object();
    for (const auto& [field, value] : sample.fields) row["fields"][field] = value;
    json["rows"].push_back(std::move(row));
  }
  return json;
}

}  // namespace pipeline::cli
