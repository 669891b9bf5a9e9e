#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/base/file.h"
#include "pipeline/metrics/metrics.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace pipeline::metrics {

// A timed stage as it is stored.
struct RawSample {
  std::uint32_t timer;
  SteadyTime started;
  Nanoseconds took;
  Tags tags;
};

// Keeps every sample of a run in constant memory: a block for each thread alive, full blocks in an unlinked temporary
// file. A sample is a fixed head with the bytes of its tags behind it, so tags of any length are kept whole as long as
// the sample fits into a block. A thread that ends leaves its block to the next new one.
//
// record() may be called from any thread, but not from destructors of thread_local objects. It takes no lock and
// allocates nothing, save for a thread's first sample. It cannot fail: samples that a full disk, missing memory or
// 64 KiB of tags made it drop are counted by lost().
class SampleLog {
 public:
  // Makes the temporary file in `folder`. Throws Error.
  explicit SampleLog(const std::filesystem::path& folder);

  void record(const RawSample& sample) noexcept;

  // Every sample once. The threads that record are idle meanwhile. Throws Error when the file can't be read.
  template <typename Visit>
  void for_each(Visit&& visit) const;

  [[nodiscard]] std::uint64_t lost() const noexcept { return lost_.load(); }
  [[nodiscard]] int lost_errno() const noexcept { return lost_errno_.load(); }  // why the first was lost

 private:
  static constexpr std::size_t kBlockBytes = std::size_t{64} << 10U;

  struct Head {
    std::int64_t started;
    std::int64_t took;
    std::uint32_t timer;
    std::uint16_t content_id_bytes;
    std::uint16_t sku_bytes;
  };

  // As it lies in the file. `filled` comes last: it is zero in the hole that a failed write leaves.
  struct Block {
    std::array<char, kBlockBytes - sizeof(std::uint64_t)> bytes;
    std::uint64_t filled;
  };
  static_assert(sizeof(Block) == kBlockBytes);

  struct Recorder {
    Block block{};
    std::atomic<std::size_t> used{0};  // released after each sample, for the thread that collects
    std::atomic<bool> idle{false};     // its thread has ended
  };

  struct Cache;
  struct Lease;
  struct Leases;
  static thread_local constinit Cache cache_;
  static thread_local Leases leases_;

  Recorder* find_recorder() noexcept;
  std::shared_ptr<Recorder> lease_recorder();
  void spill(Recorder& recorder) noexcept;
  void lose(std::uint64_t samples, int error) noexcept;
  bool read(std::uint64_t index, Block& block) const;
  std::vector<std::shared_ptr<Recorder>> recorders() const;

  template <typename Visit>
  static std::uint64_t visit_bytes(const char* at, std::size_t size, Visit&& visit);

  const std::uint64_t id_;  // never used twice, unlike the address
  const Fd file_;
  std::atomic<std::uint64_t> blocks_{0};  // in the file, with those that failed
  std::atomic<std::uint64_t> lost_{0};
  std::atomic<int> lost_errno_{0};
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<Recorder>> recorders_;  // under mutex_
};

template <typename Visit>
std::uint64_t SampleLog::visit_bytes(const char* at, std::size_t size, Visit&& visit) {
  std::uint64_t samples = 0;
  for (const char* const end = at + size; at != end; ++samples) {
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
  // The live blocks first: reading `used` also makes the blocks visible that their threads have written out.
  for (const auto& recorder : recorders())
    visit_bytes(recorder->block.bytes.data(), recorder->used.load(std::memory_order_acquire), visit);
  const auto block = std::make_unique<Block>();
  for (std::uint64_t i = 0, n = blocks_.load(); i < n; ++i)
    if (read(i, *block)) visit_bytes(block->bytes.data(), block->filled, visit);
}

}  // namespace pipeline::metrics
