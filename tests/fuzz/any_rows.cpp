#include "rows.h"

// Format and encoding found by content.
FUZZ_TARGET(any_rows) {
  pipeline::fuzz::try_rows(input, {.format = pipeline::sheet::Format::automatic});
}
