#include "picture.h"

FUZZ_TARGET(webp) {
  pipeline::fuzz::try_picture(pipeline::media::ImageType::webp, input);
}
