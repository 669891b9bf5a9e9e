#pragma once

#include "pipeline/catalogue/product.h"
#include "pipeline/package/post.h"
#include "pipeline/store/posts.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::package {

// Where the words of a post say what the catalogue no longer says: old prices however they are written, old names with
// their particles, options that have another name, `품절` of what is to be had again. `outdated`: what changed since
// the words were written, by field; `products`: as they are now. A value that another product of the post has is no old
// one. Sentences that the author keeps are left out.
[[nodiscard]] std::vector<store::StaleWords> find_stale_words(const Post& post,
                                                              std::span<const store::OutdatedValue> outdated,
                                                              std::span<const catalogue::Product> products,
                                                              std::span<const std::string> kept);

// The facts of post.json that none of the products bears out.
[[nodiscard]] std::vector<store::StaleWords> contradicted_facts(const Post& post,
                                                                std::span<const catalogue::Product> products,
                                                                std::span<const std::string> kept);

// Whether a sentence holds the text, whatever their white space, case, width and composition.
[[nodiscard]] bool says(std::string_view sentence, std::string_view text);

}  // namespace pipeline::package
