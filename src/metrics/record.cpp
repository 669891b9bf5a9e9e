#include "pipeline/metrics/record.h"

#include "pipeline/base/names.h"

#include <fmt/format.h>

#include <algorithm>

namespace pipeline::metrics {
namespace {

constexpr auto kKinds = names_of<Kind>("timer", "counter", "gauge");

}  // namespace

std::string_view to_string(Kind kind) noexcept {
  return kKinds[kind];
}

std::optional<Kind> parse_kind(std::string_view text) noexcept {
  return kKinds.find(text);
}

std::string to_text(const LabelList& labels) {
  std::string text;
  for (const auto& [name, value] : labels) {
    if (!text.empty()) text += ';';
    text.append(name) += '=';
    for (const char c : value) {
      if (c == ';' || c == '\\') text += '\\';
      text += c;
    }
  }
  return text;
}

LabelList parse_labels(std::string_view text) {
  LabelList labels;
  while (!text.empty()) {
    auto& [name, value] = labels.emplace_back();
    const std::size_t equals = std::min(text.find('='), text.size());
    name = text.substr(0, equals);
    std::size_t at = std::min(equals + 1, text.size());
    for (; at < text.size() && text[at] != ';'; ++at) {
      if (text[at] == '\\' && at + 1 < text.size()) ++at;
      value += text[at];
    }
    text.remove_prefix(std::min(at + 1, text.size()));
  }
  return labels;
}

std::string_view value_of(const LabelList& labels, std::string_view name) noexcept {
  for (const auto& [key, value] : labels)
    if (key == name) return value;
  return {};
}

bool has_labels(const LabelList& labels, const LabelList& wanted) noexcept {
  return std::ranges::all_of(wanted,
                             [&](const auto& label) { return std::ranges::find(labels, label) != labels.end(); });
}

std::string total_metric(std::string_view command) {
  return fmt::format("{}_total_seconds", command.substr(0, command.find(' ')));
}

}  // namespace pipeline::metrics
