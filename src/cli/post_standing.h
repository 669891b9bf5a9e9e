#pragma once

#include "pipeline/store/packages.h"
#include "pipeline/store/posts.h"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

// What the commands that speak of posts share.
namespace pipeline::cli {

// The post of this content_id. Throws UsageError with the nearest one that is known.
[[nodiscard]] store::PostRecord known_post(const std::string& content_id, store::Packages& packages);

// write, upload, mend; empty: nothing.
[[nodiscard]] std::string_view to_string(store::PostNeed need) noexcept;

// [{place, sentence, product, field, old, new}]
[[nodiscard]] nlohmann::ordered_json stale_json(const std::vector<store::StaleWords>& stale);

// `POST001 needs its author:` and a line for each; empty: nothing is stale.
[[nodiscard]] std::string stale_text(std::string_view content_id, const std::vector<store::StaleWords>& stale);

}  // namespace pipeline::cli
