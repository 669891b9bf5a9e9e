#pragma once

#include "pipeline/catalogue/product.h"
#include "pipeline/store/posts.h"

#include <string>
#include <string_view>
#include <vector>

// A post as an engine keeps it: its lists in one text each, JSON that docs/database.md describes.
namespace pipeline::store {

[[nodiscard]] std::string to_json(const std::vector<std::string>& texts);
[[nodiscard]] std::string to_json(const std::vector<OutdatedValue>& values);
[[nodiscard]] std::string to_json(const std::vector<StaleWords>& words);

// The reverse. What somebody else has written otherwise is an empty list.
[[nodiscard]] std::vector<std::string> parse_texts(std::string_view json);
[[nodiscard]] std::vector<OutdatedValue> parse_outdated(std::string_view json);
[[nodiscard]] std::vector<StaleWords> parse_stale(std::string_view json);

// What a post needs, as far as it is kept with it: `mend`, `write` or nothing. An upload is told by its package.
[[nodiscard]] std::string_view kept_need(const PostRecord& post) noexcept;
// Of SOURCE:SKU, as a post names its products; without a colon there is no source.
[[nodiscard]] catalogue::ProductKey key_of_product(std::string_view product) noexcept;

}  // namespace pipeline::store
