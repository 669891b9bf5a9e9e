#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/base/file.h"
#include "pipeline/metrics/metrics.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string_view>

namespace pipeline::metrics {

// A timed stage as it is stored.
struct RawSample {
  std::uint32_t timer;
  SteadyTime started;
  Nanoseconds took;
  Tags tags;
};

// Keeps every sample of a run in constant memory: one block, which goes to an unlinked temporary file when it is full.
// A sample is a fixed head with the bytes of its tags behind it, so tags of any length are kept whole as long as the
// sample fits into a block. One lock guards it all: a stage takes far longer than to note it.
//
// record() allocates nothing and cannot fail: samples that a full disk or 64 KiB of tags made it drop are counted.
class SampleLog {
 public:
  // Makes the temporary file in `folder`. Throws Error.
  explicit SampleLog(const std::filesystem::path& folder);

  void record(const RawSample& sample) noexcept;

  // Every sample once, as they were recorded; record() waits meanwhile. Throws Error when the file can't be read.
  template <typename Visit>
  void for_each(Visit&& visit) const;

  struct Loss {
    std::uint64_t samples = 0;
    int error = 0;  // why the first was lost
  };
  [[nodiscard]] Loss lost() const;

 private:
  struct Head {
    std::int64_t started;
    std::int64_t took;
    std::uint32_t timer;
    std::uint16_t content_id_bytes;
    std::uint16_t sku_bytes;
  };

  // As it lies in the file.
  struct Block {
    std::array<char, (std::size_t{64} << 10U) - sizeof(std::uint64_t)> bytes;
    std::uint64_t filled = 0;
  };

  void spill() noexcept;
  void lose(std::uint64_t samples, int error) noexcept;
  void read(std::uint64_t index, Block& block) const;

  template <typename Visit>
  static std::uint64_t visit_block(const Block& block, Visit&& visit);

  const Fd file_;
  mutable std::mutex mutex_;  // over all below
  Block block_;
  std::uint64_t blocks_ = 0;  // in the file
  Loss loss_;
};

template <typename Visit>
std::uint64_t SampleLog::visit_block(const Block& block, Visit&& visit) {
  std::uint64_t samples = 0;
  for (const char *at = block.bytes.data(), *const end = at + block.filled; at != end; ++samples) {
    Head head;
    std::memcpy(&head, at, sizeof head);
    const char* const content_id = at + sizeof head;
    const char* const sku = content_id + head.content_id_bytes;
    visit(RawSample{head.timer, SteadyTime(Nanoseconds(head.started)), Nanoseconds(head.took),
                    Tags{{content_id, head.content_id_bytes}, {sku, head.sku_bytes}}});
    at = sku + head.sku_bytes;
  }
  return samples;
}

template <typename Visit>
void SampleLog::for_each(Visit&& visit) const {
  const std::lock_guard lock(mutex_);
  const auto block = std::make_unique<Block>();
  for (std::uint64_t i = 0; i < blocks_; ++i) {
    read(i, *block);
    visit_block(*block, visit);
  }
  visit_block(block_, visit);
}

}  // namespace pipeline::metrics
