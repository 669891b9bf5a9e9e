#pragma once

#include "pipeline/metrics/budget.h"

#include "page_history.h"
#include "page_samples.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::report::page {

using NameOf = std::function<std::optional<std::string>(std::string_view sku)>;

// The ten slowest of each stage that names products or posts; empty when none does.
[[nodiscard]] std::string slowest_tables(const CommandHistory& command, const RunSamples& samples,
                                         const NameOf& name_of);

// What went wrong, by kind; empty when nothing did.
[[nodiscard]] std::string error_table(const CommandHistory& command);
[[nodiscard]] std::string errors_in_words();

// A mark a rule.
[[nodiscard]] std::string budget_table(const CommandHistory& command, const std::vector<metrics::Verdict>& verdicts);

[[nodiscard]] std::string machine_table(const std::vector<std::pair<std::string, std::string>>& machine);

}  // namespace pipeline::report::page
