#pragma once

#include "pipeline/media/thumbnail.h"
#include "pipeline/package/package.h"

namespace pipeline::cli {

// The work that needs the libraries of pictures and films. To load those takes longer than most commands run.
struct PictureWork {
  decltype(&package::build_posts) build_posts;
  decltype(&package::work_off_queue) work_off_queue;
  decltype(&media::make_thumbnail) make_thumbnail;
};

// The whole program: parses, puts the parts together, runs, reports. Returns the exit code; throws nothing. Without
// `pictures` it becomes the executable that has them, where a command needs them.
[[nodiscard]] int main(int argc, const char* const* argv, const PictureWork* pictures) noexcept;

}  // namespace pipeline::cli
