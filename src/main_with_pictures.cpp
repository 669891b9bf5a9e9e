#include "pipeline/cli/main.h"

// The same program, with all it can do: what main.cpp's becomes for the commands that need pictures.
int main(int argc, char** argv) {
  using namespace pipeline;
  constexpr cli::PictureWork kPictures{&package::build_posts, &package::work_off_queue, &media::make_thumbnail};
  return cli::main(argc, argv, &kPictures);
}
