#pragma once

#include "support/pictures.h"

#include <string>

namespace pipeline::test {

struct HeifForm {
  bool avif = false;      // else HEIC
  bool quickly = false;   // a HEIC as a camera encodes it: at once, with less care
  int orientation = 1;    // EXIF's number of how it is turned, written as boxes; the pixels are stored accordingly
  std::string exif = {};  // a TIFF structure
};
// By libheif's encoders.
[[nodiscard]] std::string heif(const Pixels& picture, const HeifForm& form = {});

}  // namespace pipeline::test
