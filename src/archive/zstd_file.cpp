#include "pipeline/archive/zstd_file.h"

#include "pipeline/base/error.h"
#include "pipeline/base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::archive {
namespace {

namespace fs = std::filesystem;

constexpr int kLevel = 3;  // a fifth of the size; a higher level takes more time than the bytes are worth
constexpr std::string_view kMagic = "\x28\xB5\x2F\xFD";

struct Free {
  void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

// A file that is read from its start to its end.
class Input {
 public:
  explicit Input(const fs::path& file) : file_(file), fd_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (!fd_) fail();
  }

  // As many bytes as there are, at most the buffer's size; none at the end.
  std::size_t read(std::span<char> buffer) {
    std::size_t size = 0;
    while (size < buffer.size()) {
      const ssize_t n = ::read(fd_.get(), buffer.data() + size, buffer.size() - size);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) fail();
      if (n == 0) break;
      size += static_cast<std::size_t>(n);
    }
    total_ += size;
    return size;
  }
  [[nodiscard]] std::uint64_t total() const noexcept { return total_; }

 private:
  [[noreturn]] void fail() const {
    throw Error(fmt::format("cannot read {}: {}", file_.string(), std::strerror(errno)));
  }

  const fs::path& file_;
  Fd fd_;
  std::uint64_t total_ = 0;
};

std::size_t checked(std::size_t result, const fs::path& file) {
  if (ZSTD_isError(result) != 0)
    throw Error(fmt::format("cannot pack {}: {}", file.string(), ZSTD_getErrorName(result)));
  return result;
}

// What is wrong with a packed file, in words.
Error damaged(const fs::path& file, std::size_t result) {
  const bool is_other = ZSTD_getErrorCode(result) == ZSTD_error_prefix_unknown;
  return Error(fmt::format("{} is damaged: {}: take another copy of it", file.string(),
                           is_other ? "there is something else behind what was packed" : ZSTD_getErrorName(result)));
}

// A file that goes unless it was written to its end.
class Output {
 public:
  explicit Output(const fs::path& file)
      : file_(file), fd_(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
    if (!fd_) fail();
  }
  ~Output() {
    if (fd_) ::unlink(file_.c_str());
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void write(std::string_view bytes) {
    write_all(fd_.get(), bytes, file_.string());
    total_ += bytes.size();
  }
  std::uint64_t commit() {
    if (::fsync(fd_.get()) != 0) fail();
    fd_.reset();
    return total_;
  }

 private:
  [[noreturn]] void fail() const {
    throw Error(fmt::format("cannot write {}: {}", file_.string(), std::strerror(errno)));
  }

  const fs::path& file_;
  Fd fd_;
  std::uint64_t total_ = 0;
};

}  // namespace

std::uint64_t pack_file(const fs::path& from, const fs::path& to, const ReadSoFar& told) {
  Input input(from);
  const std::unique_ptr<ZSTD_CCtx, Free> context(ZSTD_createCCtx());
  if (context == nullptr) throw std::bad_alloc();
  checked(ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel), from);
  checked(ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1), from);
  checked(ZSTD_CCtx_setPledgedSrcSize(context.get(), fs::file_size(from)), from);
  std::vector<char> plain(ZSTD_CStreamInSize());
  std::vector<char> packed(ZSTD_CStreamOutSize());
  AtomicFile file(to);
  std::uint64_t size = 0;
  for (bool ends = false; !ends;) {
    ZSTD_inBuffer in{plain.data(), input.read(plain), 0};
    ends = in.size < plain.size();
    for (bool goes_on = true; goes_on;) {
      ZSTD_outBuffer out{packed.data(), packed.size(), 0};
      const std::size_t left =
          checked(ZSTD_compressStream2(context.get(), &out, &in, ends ? ZSTD_e_end : ZSTD_e_continue), from);
      file.write({packed.data(), out.pos});
      size += out.pos;
      goes_on = ends ? left > 0 : in.pos < in.size;
    }
    if (told) told(input.total());
  }
  file.commit();
  return size;
}

bool is_packed(const fs::path& file) {
  Input input(file);
  std::array<char, 4> start{};
  return std::string_view(start.data(), input.read(start)) == kMagic;
}

std::uint64_t unpack_file(const fs::path& from, const fs::path& to, const ReadSoFar& told) {
  Input input(from);
  const std::unique_ptr<ZSTD_DCtx, Free> context(ZSTD_createDCtx());
  if (context == nullptr) throw std::bad_alloc();
  std::vector<char> packed(ZSTD_DStreamInSize());
  std::vector<char> plain(ZSTD_DStreamOutSize());
  Output file(to);
  std::size_t left = 1;  // 0: a frame is at its end, and its checksum was right
  while (const std::size_t n = input.read(packed)) {
    ZSTD_inBuffer in{packed.data(), n, 0};
    for (bool goes_on = true; goes_on;) {
      ZSTD_outBuffer out{plain.data(), plain.size(), 0};
      left = ZSTD_decompressStream(context.get(), &out, &in);
      if (ZSTD_isError(left) != 0) throw damaged(from, left);
      file.write({plain.data(), out.pos});
      goes_on = in.pos < in.size || (left != 0 && out.pos == out.size);
    }
    if (told) told(input.total());
  }
  if (left != 0)
    throw Error(
        fmt::format("{} is cut short: it ends before what was packed does: take another copy of it", from.string()));
  return file.commit();
}

}  // namespace pipeline::archive
