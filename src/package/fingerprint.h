#pragma once

#include "pipeline/base/fingerprint.h"
#include "pipeline/catalogue/product.h"
#include "pipeline/package/package.h"
#include "pipeline/package/post.h"

#include <span>

namespace pipeline::package {

// Of everything a package is made of: the files of the post, the products' content, the options, the program. A file is
// known by name, size, inode and the times of its last change, as make and git know it: no byte of it is read.
[[nodiscard]] Fingerprint fingerprint_of(const Post& post, std::span<const catalogue::Product> products,
                                         const Options& options);

}  // namespace pipeline::package
