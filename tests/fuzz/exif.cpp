#include "media/exif.h"

#include "target.h"

using namespace pipeline;

FUZZ_TARGET(exif) {
  const media::Exif exif = media::read_exif(input);
  fuzz::require(exif.orientation >= 1 && exif.orientation <= 8, "the orientation is one of eight");
  if (!exif.without_position) return;
  fuzz::require(exif.without_position->size() == input.size(), "the size stays");
  fuzz::require(*exif.without_position != input, "a change changes something");
  fuzz::require(!media::read_exif(*exif.without_position).without_position, "nothing is left to take out");
}
