#include "sample_log.h"

#include "pipeline/base/error.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace pipeline::metrics {
namespace {

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

SampleLog::SampleLog(const std::filesystem::path& folder) : file_(open_unlinked(folder)) {}

void SampleLog::record(const RawSample& sample) noexcept {
  const auto& [content_id, sku] = sample.tags;
  const std::size_t size = sizeof(Head) + content_id.size() + sku.size();
  const Head head{.started = sample.started.time_since_epoch().count(),
                  .took = sample.took.count(),
                  .timer = sample.timer,
                  .content_id_bytes = static_cast<std::uint16_t>(content_id.size()),
                  .sku_bytes = static_cast<std::uint16_t>(sku.size())};
  const std::lock_guard lock(mutex_);
  if (size > block_.bytes.size()) return lose(1, EMSGSIZE);
  if (size > block_.bytes.size() - block_.filled) spill();
  char* const at = block_.bytes.data() + block_.filled;
  std::memcpy(at, &head, sizeof head);
  content_id.copy(at + sizeof head, content_id.size());
  sku.copy(at + sizeof head + content_id.size(), sku.size());
  block_.filled += size;
}

// A block that can't be written is dropped; the next one takes its place in the file.
void SampleLog::spill() noexcept {
  const auto* const bytes = reinterpret_cast<const char*>(&block_);
  const auto offset = static_cast<off_t>(blocks_ * sizeof block_);
  std::size_t written = 0;
  while (written < sizeof block_) {
    const ssize_t n =
        ::pwrite(file_.get(), bytes + written, sizeof block_ - written, offset + static_cast<off_t>(written));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) break;
    written += static_cast<std::size_t>(n);
  }
  if (written == sizeof block_)
    ++blocks_;
  else
    lose(visit_block(block_, [](const RawSample&) {}), errno);
  block_.filled = 0;
}

void SampleLog::lose(std::uint64_t samples, int error) noexcept {
  if (loss_.samples == 0) loss_.error = error;
  loss_.samples += samples;
}

void SampleLog::read(std::uint64_t index, Block& block) const {
  auto* const bytes = reinterpret_cast<char*>(&block);
  const auto offset = static_cast<off_t>(index * sizeof block);
  std::size_t have = 0;
  while (have < sizeof block) {
    const ssize_t n = ::pread(file_.get(), bytes + have, sizeof block - have, offset + static_cast<off_t>(have));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0)
      throw Error(fmt::format("cannot read the samples back: {}", n < 0 ? std::strerror(errno) : "cut short"));
    have += static_cast<std::size_t>(n);
  }
}

SampleLog::Loss SampleLog::lost() const {
  const std::lock_guard lock(mutex_);
  return loss_;
}

}  // namespace pipeline::metrics
