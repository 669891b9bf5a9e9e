#pragma once

#include "metadata.h"

#include <cstddef>
#include <string_view>

namespace pipeline::media {

// Where the first film (ISO 14496-12, QuickTime) from `from` on begins; npos: there is none.
[[nodiscard]] std::size_t find_film(std::string_view file, std::size_t from);

// Takes the positions out of all films that are appended to a picture, from `from` on: the boxes that tell one become
// free space, and the film still plays. A film that can't be read, but names a position, is overwritten to the end of
// the file.
void scrub_films(std::string_view file, std::size_t from, MetadataCollector& collector);

}  // namespace pipeline::media
