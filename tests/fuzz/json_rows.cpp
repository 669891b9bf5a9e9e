#include "rows.h"

FUZZ_TARGET(json_rows) {
  pipeline::fuzz::try_rows(input, {.format = pipeline::sheet::Format::jsonl});
}
