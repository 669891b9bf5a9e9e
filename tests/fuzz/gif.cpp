#include "picture.h"

FUZZ_TARGET(gif) {
  pipeline::fuzz::try_picture(pipeline::media::ImageType::gif, input);
}
