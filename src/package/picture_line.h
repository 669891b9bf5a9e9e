#pragma once

#include "pipeline/base/sha256.h"
#include "pipeline/base/task_pool.h"
#include "pipeline/media/image.h"
#include "pipeline/metrics/metrics.h"
#include "pipeline/package/post.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pipeline::package {

// A picture as it will be packed.
struct ExaminedPicture {
  std::string bytes;
  std::uint32_t crc = 0;
  Sha256 sha256{};
  media::Image image;
  bool position_removed = false;
  std::optional<Sha256> original_sha256;  // of the file, where it was converted
  std::string fault;                      // why it can't be packed; empty: it can
};

// The pictures of a post, each read once, examined by whichever thread is free, and handed over in their order. What
// was read and is not handed over yet is bounded, in bytes: memory does not grow with the post.
class PictureLine {
 public:
  struct Timers {
    metrics::Timer read;
    metrics::Timer hash;
  };
  // Borrows all it is given.
  PictureLine(TaskPool& pool, metrics::Metrics& metrics, Timers timers, metrics::Tags tags,
              const std::vector<PostImage>& images, std::span<const std::size_t> order, bool keep_gps);

  // The next one; does its work, or another picture's, while it waits.
  [[nodiscard]] ExaminedPicture next();
  // Does the work of all that are ahead, as far as they may be: what next() gives then is there.
  void work_ahead();

 private:
  struct Slot {
    const PostImage* file = nullptr;
    std::uintmax_t size = 0;
    ExaminedPicture picture;
    std::atomic<bool> done = false;
  };
  void start_more();
  void examine(Slot& slot) const;
  void read_and_hash(const PostImage& file, ExaminedPicture& picture) const;

  metrics::Metrics& metrics_;
  const Timers timers_;
  const metrics::Tags tags_;
  const bool keep_gps_;
  std::deque<Slot> slots_;
  std::size_t next_ = 0;
  std::size_t started_ = 0;
  std::uintmax_t bytes_ahead_ = 0;
  TaskGroup tasks_;  // last: its end waits for tasks that use the rest
};

}  // namespace pipeline::package
