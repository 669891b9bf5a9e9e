#include "pipeline/base/fingerprint.h"

#include <xxhash.h>

#include <cstring>

namespace pipeline {

Fingerprint fingerprint_of(std::string_view bytes) noexcept {
  constexpr std::array<XXH64_hash_t, 2> kSeeds{0, 0x9E3779B97F4A7C15};
  Fingerprint fingerprint{};
  std::uint8_t* place = fingerprint.bytes.data();
  for (const XXH64_hash_t seed : kSeeds) {
    XXH128_canonical_t canonical;  // the same on every machine: it is stored
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_withSeed(bytes.data(), bytes.size(), seed));
    std::memcpy(place, canonical.digest, sizeof canonical.digest);
    place += sizeof canonical.digest;
  }
  return fingerprint;
}

}  // namespace pipeline
