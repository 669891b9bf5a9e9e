#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

// One file packed by Zstandard (RFC 8878), as the tool `zstd` packs and unpacks it. Memory does not grow with the file.
// All throw Error that names the file and says what to do.
namespace pipeline::archive {

// Told of the bytes that were read so far; what it throws ends the work.
using ReadSoFar = std::function<void(std::uint64_t bytes)>;

// Packs into one frame, which knows its size and has a checksum. `to` appears whole or not at all. Returns its size.
std::uint64_t pack_file(const std::filesystem::path& from, const std::filesystem::path& to, const ReadSoFar& told = {});

// Whether the file begins as a packed one does.
[[nodiscard]] bool is_packed(const std::filesystem::path& file);

// Unpacks into `to`, which is written over, and removed when it does not come to its end. Returns its size.
std::uint64_t unpack_file(const std::filesystem::path& from, const std::filesystem::path& to,
                          const ReadSoFar& told = {});

}  // namespace pipeline::archive
