#include "pipeline/cli/main.h"

// The program with all it can do.
int main(int argc, char** argv) {
  using namespace pipeline;
  constexpr cli::PictureWork kPictures{&package::build_posts, &package::work_off_queue, &media::make_thumbnail};
  return cli::main(argc, argv, &kPictures);
}
