#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/catalogue/product.h"
#include "pipeline/package/package.h"
#include "pipeline/package/post.h"
#include "pipeline/store/posts.h"

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

// What is remembered of a post from run to run.
namespace pipeline::package {

// What changed of products since the last run, by SOURCE:SKU.
using Changes = std::map<std::string, std::vector<catalogue::Change>, std::less<>>;

// What a post says, as its author wrote it, beside what is known of it and what changed: the values that its words are
// searched for, the words that are stale. A value that no word says is not searched for any more.
[[nodiscard]] store::PostRecord remember(const Post& post, std::span<const catalogue::Product> products,
                                         const std::optional<store::PostRecord>& known, const Changes& changes,
                                         WallTime now);

// The same of a post that could not be read so far, or has not the name that it says. `skus`: those that could be read.
[[nodiscard]] store::PostRecord remember(const std::string& content_id, const std::vector<std::string>& skus,
                                         const std::string& folder, const std::optional<store::PostRecord>& known);

// What became of it in this run.
void conclude(const Result& result, WallTime now, store::PostRecord& record);

}  // namespace pipeline::package
