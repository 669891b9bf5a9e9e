#pragma once

#include "pipeline/base/file.h"

#include <sys/mman.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace pipeline::fuzz {

// The bytes as a file in memory, to be read from its beginning.
[[nodiscard]] inline Fd memory_file(std::string_view bytes) {
  Fd fd(::memfd_create("input", MFD_CLOEXEC));
  if (fd.get() < 0 || ::pwrite(fd.get(), bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    throw std::runtime_error("no file in memory");
  return fd;
}

// Its path, while it is open.
[[nodiscard]] inline std::string path_of(const Fd& fd) {
  return "/proc/self/fd/" + std::to_string(fd.get());
}

}  // namespace pipeline::fuzz
