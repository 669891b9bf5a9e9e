#include "pipeline/cli/main.h"

int main(int argc, char** argv) {
  return pipeline::cli::main(argc, argv);
}
