#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pipeline::metrics {

// Builds RFC 4180 lines: fields quoted where they must be, CRLF at the end.
class CsvText {
 public:
  CsvText& field(std::string_view text);
  CsvText& field(double value);
  CsvText& field(const std::optional<double>& value);  // empty where there is none
  CsvText& field(std::uint64_t value);
  CsvText& empty() { return field(std::string_view()); }
  void end_line();

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  void clear() noexcept { text_.clear(); }

 private:
  void separate();

  std::string text_;
  bool line_begun_ = false;
};

}  // namespace pipeline::metrics
