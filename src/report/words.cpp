#include "words.h"

#include <fmt/format.h>

namespace pipeline::report {

std::string series_name(std::string_view metric, const metrics::LabelList& labels) {
  constexpr std::string_view kUnit = "_seconds";
  if (metric.ends_with(kUnit)) metric.remove_suffix(kUnit.size());
  std::string name(metric);
  for (const auto& [label, value] : labels) name += " " + value;
  return name;
}

std::string growth_text(double growth) {
  const double percent = growth * 100;
  if (!(percent <= 9999)) return ">9999%";
  return fmt::format("{:+.{}f}%", percent, percent < 99.95 ? 1 : 0);
}

std::string markdown_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

}  // namespace pipeline::report
