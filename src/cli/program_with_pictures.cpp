#include "program_with_pictures.h"

#include "pipeline/base/error.h"

#include "child_process.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>

namespace pipeline::cli {

// It lies beside this one; links to this one are followed first.
void become_program_with_pictures(const char* const* argv) {
  const auto here = std::filesystem::read_symlink(this_program()).parent_path();
  const std::string program = (here / "pipeline-pictures").string();
  ::execv(program.c_str(), const_cast<char* const*>(argv));  // which leaves them as they are
  throw Error(
      fmt::format("{}, which builds the packages, can't be started ({}): pipeline is not installed whole: "
                  "install it again",
                  program, std::strerror(errno)));
}

}  // namespace pipeline::cli
