#pragma once

#include "pipeline/catalogue/product.h"

#include <filesystem>
#include <string>
#include <vector>

namespace pipeline::package {

// Writes the folder of a post about the product: post.json, body.md and README.txt, with places for the pictures that
// lie in it already, or for two. With its pictures it builds as it is; what it says comes from the catalogue, and hints
// for the author stand in comments, which are not published. `sku`: as the post is to name the product. Files that are
// there are not touched. Returns the names of those that were written. Throws UsageError when there is a post already,
// Error when it can't be written.
std::vector<std::string> write_new_post(const std::filesystem::path& folder, const catalogue::Product& product,
                                        const std::string& sku);

}  // namespace pipeline::package
