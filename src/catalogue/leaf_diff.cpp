#include "pipeline/catalogue/leaf_diff.h"

#include "pipeline/base/canonical_json.h"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace pipeline::catalogue {

void collect_leaves(simdjson::dom::element value, const std::string& path, Leaves& leaves) {
  simdjson::dom::object members;
  simdjson::dom::array entries;
  if (value.get(members) == simdjson::SUCCESS) {
    const std::string prefix = path.empty() ? "" : path + ".";
    for (const auto [key, member] : members) collect_leaves(member, prefix + std::string(key), leaves);
  } else if (value.get(entries) == simdjson::SUCCESS) {
    std::size_t index = 0;
    for (const simdjson::dom::element entry : entries) {
      std::int64_t id = 0;
      const bool named = entry.at_key("id").get(id) == simdjson::SUCCESS;
      collect_leaves(entry, path + "[" + (named ? "id=" + std::to_string(id) : std::to_string(index)) + "]", leaves);
      ++index;
    }
  } else if (!value.is_null()) {
    std::string& leaf = leaves[path];
    leaf.clear();  // the last of doubled keys counts
    append_canonical(value, leaf);
  }
}

std::vector<Change> diff_leaves(Leaves before, Leaves after, Reason (*reason_of)(std::string_view path)) {
  std::vector<Change> changes;
  for (auto& [path, value] : before) {
    const auto now = after.find(path);
    if (now == after.end())
      changes.push_back({reason_of(path), path, std::move(value), "null"});
    else if (now->second != value)
      changes.push_back({reason_of(path), path, std::move(value), now->second});
  }
  for (auto& [path, value] : after)
    if (!before.contains(path)) changes.push_back({reason_of(path), path, "null", std::move(value)});
  return changes;
}

}  // namespace pipeline::catalogue
