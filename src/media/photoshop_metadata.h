#pragma once

#include "metadata.h"

#include <cstddef>
#include <string_view>

namespace pipeline::media {

// Photoshop's image resources, which repeat EXIF and XMP, between two places of the file that the collector has.
void read_photoshop(std::string_view file, std::size_t at, std::size_t end, MetadataCollector& collector);

}  // namespace pipeline::media
