#include "sample_log.h"

#include "pipeline/base/error.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <string>

namespace pipeline::metrics {
namespace {

std::uint64_t next_id() noexcept {
  static std::atomic<std::uint64_t> last{0};
  return last.fetch_add(1) + 1;
}

// A file without a name: the kernel frees it when the process ends, in whatever way.
Fd open_unlinked(const std::filesystem::path& folder) {
  if (Fd fd(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)); fd) return fd;
  std::string pattern = (folder / ".pipeline-samples-XXXXXX").string();  // not every file system has O_TMPFILE
  Fd fd(::mkostemp(pattern.data(), O_CLOEXEC));
  if (!fd) throw Error(fmt::format("cannot make a temporary file in {}: {}", folder.string(), std::strerror(errno)));
  ::unlink(pattern.c_str());
  return fd;
}

}  // namespace

// The recorder this thread used last. Plain data, so that the hot path reads it without an initialisation check.
struct SampleLog::Cache {
  std::uint64_t log = 0;
  Recorder* recorder = nullptr;
};

struct SampleLog::Lease {
  std::uint64_t log;
  std::shared_ptr<Recorder> recorder;
};

// The recorders of this thread, one for each log it has written to.
struct SampleLog::Leases {
  std::vector<Lease> all;

  ~Leases() {
    cache_ = {};
    for (const Lease& lease : all) lease.recorder->idle.store(true, std::memory_order_release);
  }
};

thread_local constinit SampleLog::Cache SampleLog::cache_;
thread_local SampleLog::Leases SampleLog::leases_;

SampleLog::SampleLog(const std::filesystem::path& folder) : id_(next_id()), file_(open_unlinked(folder)) {}

void SampleLog::record(const RawSample& sample) noexcept {
  Recorder* const recorder = cache_.log == id_ ? cache_.recorder : find_recorder();
  if (recorder == nullptr) [[unlikely]]
    return lose(1, ENOMEM);

  const auto& [content_id, sku] = sample.tags;
  const std::size_t size = sizeof(Head) + content_id.size() + sku.size();
  std::size_t used = recorder->used.load(std::memory_order_relaxed);
  if (size > recorder->block.bytes.size() - used) [[unlikely]] {
    if (size > recorder->block.bytes.size()) return lose(1, EMSGSIZE);
    spill(*recorder);
    used = 0;
  }

  const Head head{.started = sample.started.time_since_epoch().count(),
                  .took = sample.took.count(),
                  .timer = sample.timer,
                  .content_id_bytes = static_cast<std::uint16_t>(content_id.size()),
                  .sku_bytes = static_cast<std::uint16_t>(sku.size())};
  char* const at = recorder->block.bytes.data() + used;
  std::memcpy(at, &head, sizeof head);
  content_id.copy(at + sizeof head, content_id.size());
  sku.copy(at + sizeof head + content_id.size(), sku.size());
  recorder->used.store(used + size, std::memory_order_release);
}

SampleLog::Recorder* SampleLog::find_recorder() noexcept {
  auto& leases = leases_.all;
  auto lease = std::ranges::find(leases, id_, &Lease::log);
  if (lease == leases.end()) {
    try {
      std::erase_if(leases, [](const Lease& old) { return old.recorder.use_count() == 1; });  // their log is gone
      leases.reserve(leases.size() + 1);
      leases.push_back({id_, lease_recorder()});
    } catch (const std::bad_alloc&) {
      return nullptr;
    }
    lease = std::prev(leases.end());
  }
  cache_ = {id_, lease->recorder.get()};
  return cache_.recorder;
}

std::shared_ptr<SampleLog::Recorder> SampleLog::lease_recorder() {
  const std::lock_guard lock(mutex_);
  for (const auto& recorder : recorders_)
    if (recorder->idle.exchange(false, std::memory_order_acquire)) return recorder;
  return recorders_.emplace_back(std::make_shared<Recorder>());
}

void SampleLog::spill(Recorder& recorder) noexcept {
  recorder.block.filled = recorder.used.load(std::memory_order_relaxed);
  const auto* const bytes = reinterpret_cast<const char*>(&recorder.block);
  const auto offset = static_cast<off_t>(blocks_.fetch_add(1) * kBlockBytes);
  std::size_t written = 0;
  while (written < kBlockBytes) {
    const ssize_t n =
        ::pwrite(file_.get(), bytes + written, kBlockBytes - written, offset + static_cast<off_t>(written));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      lose(visit_bytes(recorder.block.bytes.data(), recorder.block.filled, [](const RawSample&) {}), errno);
      break;
    }
    written += static_cast<std::size_t>(n);
  }
  recorder.used.store(0, std::memory_order_release);
}

void SampleLog::lose(std::uint64_t samples, int error) noexcept {
  int none = 0;
  lost_errno_.compare_exchange_strong(none, error);
  lost_.fetch_add(samples);
}

// False for a block whose write failed: the file ends before its last bytes or has a hole there.
bool SampleLog::read(std::uint64_t index, Block& block) const {
  auto* const bytes = reinterpret_cast<char*>(&block);
  const auto offset = static_cast<off_t>(index * kBlockBytes);
  std::size_t have = 0;
  while (have < kBlockBytes) {
    const ssize_t n = ::pread(file_.get(), bytes + have, kBlockBytes - have, offset + static_cast<off_t>(have));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw Error(fmt::format("cannot read the samples back: {}", std::strerror(errno)));
    if (n == 0) return false;
    have += static_cast<std::size_t>(n);
  }
  return block.filled != 0;
}

std::vector<std::shared_ptr<SampleLog::Recorder>> SampleLog::recorders() const {
  const std::lock_guard lock(mutex_);
  return recorders_;
}

}  // namespace pipeline::metrics
