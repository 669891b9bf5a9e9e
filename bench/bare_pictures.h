#pragma once

#include <filesystem>
#include <vector>

namespace pipeline::bench {

struct BareStore {
  std::vector<std::filesystem::path> archives;  // each gets every picture; at least one
  bool synced = true;                           // at the end, as the product does before it gives a file its name
};

// The least any program does for JPEGs in an upload package, on threads that take one picture after the other:
// read, SHA-256, CRC-32, append to the archives, decode in gray at an eighth. No header, no look at what came out.
// Gives the seconds it took. Throws Error or std::runtime_error when a file cannot be read or written.
[[nodiscard]] double run_bare_pictures(const std::vector<std::filesystem::path>& pictures, const BareStore& store,
                                       std::size_t threads = 2);

// The same of HEICs, by libheif and libjpeg-turbo: each is decoded in RGB, and encoded as a JPEG of quality 92, which
// is what is appended. No profile, no metadata, no look at what came out.
[[nodiscard]] double run_bare_heics(const std::vector<std::filesystem::path>& pictures, const BareStore& store,
                                    std::size_t threads = 2);

}  // namespace pipeline::bench
