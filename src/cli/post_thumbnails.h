#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/media/thumbnail.h"

#include <cstddef>
#include <optional>
#include <string>

namespace pipeline::cli {

// Small pictures for a page, of the first picture of each post: so many, and for so long, that the page stays small and
// is soon there.
class PostThumbnails {
 public:
  PostThumbnails(const Clock& clock, decltype(&media::make_thumbnail) make)
      : clock_(clock), make_(make), begin_(clock.now()) {}

  // Absent: the post has none that can be read, or there are enough.
  [[nodiscard]] std::optional<media::Thumbnail> of(const std::string& post_folder);

 private:
  static constexpr std::size_t kMost = 60;
  static constexpr Nanoseconds kLongest = std::chrono::seconds(10);

  const Clock& clock_;
  decltype(&media::make_thumbnail) make_;
  SteadyTime begin_;
  std::size_t made_ = 0;
};

}  // namespace pipeline::cli
