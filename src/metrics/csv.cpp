#include "pipeline/metrics/csv.h"

#include "decimal.h"

#include <fmt/format.h>

#include <iterator>

namespace pipeline::metrics {

CsvText& CsvText::field(std::string_view text) {
  separate();
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    text_ += text;
    return *this;
  }
  text_ += '"';
  for (const char c : text) {
    if (c == '"') text_ += '"';
    text_ += c;
  }
  text_ += '"';
  return *this;
}

CsvText& CsvText::field(double value) {
  separate();
  append_decimal(value, text_);
  return *this;
}

CsvText& CsvText::field(const std::optional<double>& value) {
  return value ? field(*value) : empty();
}

CsvText& CsvText::field(std::uint64_t value) {
  separate();
  fmt::format_to(std::back_inserter(text_), "{}", value);
  return *this;
}

void CsvText::end_line() {
  text_ += "\r\n";
  line_begun_ = false;
}

void CsvText::separate() {
  if (line_begun_) text_ += ',';
  line_begun_ = true;
}

}  // namespace pipeline::metrics
