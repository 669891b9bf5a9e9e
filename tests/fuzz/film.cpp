#include "pipeline/base/clock.h"
#include "pipeline/media/image.h"
#include "pipeline/media/keyframes.h"

#include "memory_file.h"
#include "target.h"

#include <string_view>

// A film of whatever container and codec: frames that are pictures, or a reason.
FUZZ_TARGET(film) {
  using namespace pipeline;
  const Fd file = fuzz::memory_file(input);
  const SystemClock clock;
  const media::KeyframeOptions options{.count = 3, .long_side = 48};
  const media::ForEach one_by_one = [](std::size_t n, const auto& task) {
    for (std::size_t i = 0; i < n; ++i) task(i);
  };
  const media::Keyframes keyframes = media::extract_keyframes(fuzz::path_of(file), options, clock, one_by_one, {});
  fuzz::require(keyframes.frames.size() <= 3, "no more frames than asked");
  fuzz::require(keyframes.shortfall.empty() == (keyframes.frames.size() == 3), "fewer frames have a reason");
  for (const media::Keyframe& frame : keyframes.frames) {
    const media::Image image = media::examine_image(frame.jpeg);
    fuzz::require(image.width == frame.width && image.height == frame.height, "a frame is as large as it says");
    fuzz::require(image.width <= 48 && image.height <= 48, "a frame is no larger than asked");
  }
}
