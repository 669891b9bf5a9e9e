#pragma once

#include "pipeline/store/posts.h"

#include <string>
#include <string_view>
#include <vector>

// The lists of a post as an engine keeps them, in one text each: JSON that docs/database.md describes.
namespace pipeline::store {

[[nodiscard]] std::string to_json(const std::vector<std::string>& texts);
[[nodiscard]] std::string to_json(const std::vector<OutdatedValue>& values);
[[nodiscard]] std::string to_json(const std::vector<StaleWords>& words);

// The reverse. What somebody else has written otherwise is an empty list.
[[nodiscard]] std::vector<std::string> parse_texts(std::string_view json);
[[nodiscard]] std::vector<OutdatedValue> parse_outdated(std::string_view json);
[[nodiscard]] std::vector<StaleWords> parse_stale(std::string_view json);

}  // namespace pipeline::store
