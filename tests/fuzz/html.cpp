#include "body.h"

FUZZ_TARGET(html) {
  pipeline::fuzz::try_body(input, pipeline::package::BodyFormat::html);
}
