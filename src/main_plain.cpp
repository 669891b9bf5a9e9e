#include "pipeline/cli/main.h"

// The program without the libraries of pictures and films, whose loading takes longer than most commands run.
int main(int argc, char** argv) {
  return pipeline::cli::main(argc, argv, nullptr);
}
