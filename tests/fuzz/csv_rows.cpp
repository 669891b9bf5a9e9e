#include "rows.h"

FUZZ_TARGET(csv_rows) {
  pipeline::fuzz::try_rows(input, {.format = pipeline::sheet::Format::csv});
}
