#include "body.h"

FUZZ_TARGET(markdown) {
  pipeline::fuzz::try_body(input, pipeline::package::BodyFormat::markdown);
}
