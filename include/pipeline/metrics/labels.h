#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::metrics {

using LabelList = std::vector<std::pair<std::string, std::string>>;

// Row::labels taken apart again.
[[nodiscard]] LabelList parse_labels(std::string_view text);

// Whether each of `wanted` is among `labels`, with the same value.
[[nodiscard]] bool has_labels(const LabelList& labels, const LabelList& wanted);

}  // namespace pipeline::metrics
