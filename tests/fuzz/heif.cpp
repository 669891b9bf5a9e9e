#include "pipeline/media/image.h"

#include "target.h"

#include <optional>
#include <string>
#include <string_view>

// libdav1d 1.0 forgets 40 bytes of a damaged AVIF that it refuses. The leaks of our own code and of libheif still
// count.
extern "C" const char* __lsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier): LeakSanitizer's name
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libdav1d\n";
}

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
