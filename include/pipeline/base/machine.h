#pragma once

#include <filesystem>
#include <string>

namespace pipeline {

// What a figure's reader has to know of where it was made. A part that can't be found out says `unknown`.
struct Machine {
  std::string processor;
  unsigned cores = 0;
  std::string memory;       // 7.6 GiB
  std::string file_system;  // of a folder: ext4
  std::string kernel;       // Linux 6.1.0-18-amd64 x86_64
};

// `folder`: whose file system is told; it need not exist.
[[nodiscard]] Machine describe_machine(const std::filesystem::path& folder);

}  // namespace pipeline
