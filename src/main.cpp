#include "pipeline/cli/main.h"

// What people call. It is linked without the libraries of pictures and films.
int main(int argc, char** argv) {
  return pipeline::cli::main(argc, argv, nullptr);
}
