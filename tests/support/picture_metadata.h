#pragma once

#include "support/pictures.h"

#include <string>

namespace pipeline::test {

// The TIFF structure that EXIF is; empty when no metadata is asked for.
[[nodiscard]] std::string exif_of(const Metadata& metadata);
// An XMP packet; empty when no position in XMP is asked for.
[[nodiscard]] std::string xmp_of(const Metadata& metadata);

}  // namespace pipeline::test
