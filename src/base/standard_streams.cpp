#include "pipeline/base/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <initializer_list>

namespace pipeline {

void prepare_standard_streams() noexcept {
  (void)std::signal(SIGPIPE, SIG_IGN);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) >= 0) continue;
    // The lowest free number is this one. It is opened the wrong way round, so that its use fails as that of a closed
    // one.
    const int opened = ::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    if (opened != fd) return;  // no /dev/null: nothing to be done
  }
}

}  // namespace pipeline
