#include "pipeline/base/machine.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <cstdlib>
#include <fstream>
#include <string_view>
#include <thread>

namespace pipeline {
namespace {

// The value of the first line `key   : value` of a file in /proc.
std::string proc_value(const char* file, std::string_view key) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    const auto colon = line.find(':');
    if (!line.starts_with(key) || colon == std::string::npos) continue;
    const auto value = line.find_first_not_of(' ', colon + 1);
    return value == std::string::npos ? "unknown" : line.substr(value);
  }
  return "unknown";
}

std::string memory() {
  const double kibibytes = std::strtod(proc_value("/proc/meminfo", "MemTotal").c_str(), nullptr);
  return kibibytes > 0 ? fmt::format("{:.1f} GiB", kibibytes / (1 << 20)) : "unknown";
}

// Of the mount that holds the folder: the longest one above it, and of equals the last, which lies over the others.
std::string file_system(const std::filesystem::path& folder) {
  std::error_code unknown;
  const auto whole = std::filesystem::weakly_canonical(folder, unknown);
  std::ifstream mounts("/proc/mounts");
  std::string best;
  std::string type = "unknown";
  std::string device, place, kind, rest;
  while (mounts >> device >> place >> kind && std::getline(mounts, rest)) {
    const bool holds = place == "/" || whole == place || whole.string().starts_with(place + "/");
    if (holds && place.size() >= best.size()) best = place, type = kind;
  }
  return type;
}

std::string kernel() {
  utsname name{};
  if (::uname(&name) != 0) return "unknown";
  return fmt::format("{} {} {}", name.sysname, name.release, name.machine);
}

}  // namespace

Machine describe_machine(const std::filesystem::path& folder) {
  return {proc_value("/proc/cpuinfo", "model name"), std::thread::hardware_concurrency(), memory(), file_system(folder),
          kernel()};
}

}  // namespace pipeline
