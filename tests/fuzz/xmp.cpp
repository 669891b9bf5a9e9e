#include "media/xmp.h"

#include "target.h"

using namespace pipeline;

FUZZ_TARGET(xmp) {
  const auto scrubbed = media::xmp_without_position(input);
  if (!scrubbed) return;
  fuzz::require(scrubbed->size() == input.size(), "the size stays");
  fuzz::require(*scrubbed != input, "a change changes something");
  fuzz::require(!media::xmp_without_position(*scrubbed), "nothing is left to take out");
}
