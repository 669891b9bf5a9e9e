#include "picture.h"

FUZZ_TARGET(png) {
  pipeline::fuzz::try_picture(pipeline::media::ImageType::png, input);
}
