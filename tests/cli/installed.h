#pragma once

#include <cstdlib>
#include <string>

namespace pipeline::test {

// Whether this machine has a program that judges what ours makes.
inline bool is_installed(const std::string& program) {
  return std::system(("command -v " + program + " >/dev/null").c_str()) == 0;
}

}  // namespace pipeline::test
