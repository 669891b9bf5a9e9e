#include "pipeline/metrics/labels.h"

#include <algorithm>

namespace pipeline::metrics {

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

bool has_labels(const LabelList& labels, const LabelList& wanted) {
  return std::ranges::all_of(wanted,
                             [&](const auto& label) { return std::ranges::find(labels, label) != labels.end(); });
}

}  // namespace pipeline::metrics
