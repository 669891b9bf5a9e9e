#include "plan_view.h"

#include "pipeline/base/text.h"

#include <fmt/format.h>

namespace pipeline::cli {
namespace {

constexpr std::size_t kShown = 60;  // columns of a value

}  // namespace

std::string plan_text(std::string_view action, std::string_view sku, std::string_view name,
                      const std::vector<catalogue::Change>& changes) {
  std::string text = fmt::format("{:<8}{:<14} {}", action, sku, name);
  for (const auto& change : changes)
    text += fmt::format("\n          {:<8} {}: {} -> {}", to_string(change.reason), change.field,
                        shorten(change.before, kShown), shorten(change.after, kShown));
  return text + "\n";
}

nlohmann::ordered_json plan_json(std::string_view action, std::string_view sku, std::string_view name,
                                 const std::vector<catalogue::Change>& changes) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& change : changes)
    list.push_back({{"reason", to_string(change.reason)},
                    {"field", change.field},
                    {"old", nlohmann::ordered_json::parse(change.before)},
                    {"new", nlohmann::ordered_json::parse(change.after)}});
  return {{"action", action}, {"sku", sku}, {"name", name}, {"changes", std::move(list)}};
}

}  // namespace pipeline::cli
