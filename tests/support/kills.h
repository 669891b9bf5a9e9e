#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

// What tests that kill the executable at random moments share. In the suite each makes a few kills, the same each time;
// scripts/soak asks for hundreds, and for other moments, by the environment.
namespace pipeline::test {

[[nodiscard]] inline int kill_count(int usual) {
  const char* asked = std::getenv("SOAK_KILLS");
  return asked != nullptr ? std::stoi(asked) : usual;
}

[[nodiscard]] inline std::vector<unsigned> kill_seeds(std::vector<unsigned> usual) {
  const char* asked = std::getenv("SOAK_SEED");
  if (asked == nullptr) return usual;
  return {static_cast<unsigned>(std::stoul(asked))};
}

// With its log, as a kill left it.
inline void copy_database(const std::filesystem::path& from, const std::filesystem::path& to) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::filesystem::remove(to.string() + suffix);
    if (std::filesystem::exists(from.string() + suffix))
      std::filesystem::copy_file(from.string() + suffix, to.string() + suffix);
  }
}

}  // namespace pipeline::test
