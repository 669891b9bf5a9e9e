#include "pipeline/cli/picture_words.h"

#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>

// What people call. It is linked with nothing, so it costs a millisecond, and becomes the one or the other of the two
// executables that do the work: without the libraries of pictures and films, or with them.
int main(int argc, char** argv) {
  bool pictures = false;
  for (int i = 1; i < argc; ++i)
    for (const char* word : pipeline::cli::kPictureWords) pictures = pictures || std::strcmp(argv[i], word) == 0;

  char here[PATH_MAX] = {};
  if (::readlink("/proc/self/exe", here, sizeof here - 1) < 0) std::perror("pipeline: /proc/self/exe");
  if (char* name = std::strrchr(here, '/'); name != nullptr) *name = '\0';
  char program[2 * PATH_MAX] = {};
  std::snprintf(program, sizeof program, "%s/%s/pipeline-%s", here, PIPELINE_LIBEXEC, pictures ? "pictures" : "plain");
  ::execv(program, argv);
  std::fprintf(stderr, "pipeline: %s can't be started (%s): pipeline is not installed whole: install it again\n",
               program, std::strerror(errno));
  return 1;
}
