#pragma once

#include <string>

namespace pipeline::media::made {

// An H.264 stream (Annex B) of a camcorder: each frame is two fields, each field a packet of its own once it is in a
// container. 128 x 128, uncompressed, brighter from left to right.
[[nodiscard]] std::string field_coded_h264(int frames);

}  // namespace pipeline::media::made
