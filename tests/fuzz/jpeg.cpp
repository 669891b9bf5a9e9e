#include "picture.h"

FUZZ_TARGET(jpeg) {
  pipeline::fuzz::try_picture(pipeline::media::ImageType::jpeg, input);
}
