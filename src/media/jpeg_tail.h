#pragma once

#include <cstddef>
#include <string_view>

namespace pipeline::media {

// Where what is appended to a JPEG begins, as far as it is of a known kind: Samsung's trailer, a film, another picture.
// npos: nothing of the kind.
[[nodiscard]] std::size_t find_jpeg_tail(std::string_view bytes);

}  // namespace pipeline::media
