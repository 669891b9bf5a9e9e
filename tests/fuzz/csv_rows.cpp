#include "rows.h"

FUZZ_TARGET(csv_rows) {
  pipeline::fuzz::try_rows(input, pipeline::upsert::Format::csv);
}
