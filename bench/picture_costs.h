#pragma once

#include <filesystem>
#include <map>
#include <vector>

namespace pipeline::bench {

// What the bytes of pictures cost by themselves, in memory and on one thread.
struct PictureCosts {
  struct Deflated {
    double seconds = 0;
    double bytes = 0;
  };
  double bytes = 0;
  double digest_seconds = 0;         // SHA-256 and CRC-32
  std::map<int, Deflated> deflated;  // by libdeflate's level: those of --compression default and best
};

[[nodiscard]] PictureCosts costs_of(const std::vector<std::filesystem::path>& pictures);

}  // namespace pipeline::bench
