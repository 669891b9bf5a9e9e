#pragma once

#include <cstddef>
#include <filesystem>

namespace pipeline::bench {

// What a frame is scaled with. The product gives the same bytes on every machine, which the vector code of swscale's
// own choice does not.
enum class Scaling { by_default, bit_exact };

// The least any program does for keyframes of a video whose header suffices: on each of two threads open, half of the
// seeks, decodes, scalings to 1280 pixels by swscale, encodings by mjpeg. No look at what came out. Returns the bytes
// of all JPEGs. Throws std::runtime_error when a step fails.
[[nodiscard]] std::size_t run_bare_keyframes(const std::filesystem::path& video, int count, Scaling scaling);

}  // namespace pipeline::bench
