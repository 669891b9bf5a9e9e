#include "pipeline/media/image.h"

#include "target.h"

#include <optional>
#include <string>
#include <string_view>

FUZZ_TARGET(heif) {
  using namespace pipeline;
  std::optional<media::ConvertedImage> converted;
  try {
    converted = media::convert_image(input);
  } catch (const media::ImageError& error) {
    fuzz::require(std::string_view(error.what()).size() > 5, "a refusal has a reason");
  }
  if (!converted) return;
  const media::Image image = media::examine_image(converted->jpeg);
  fuzz::require(!image.has_position && image.note.empty(), "the JPEG is a plain one");
}
