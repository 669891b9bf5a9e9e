#pragma once

#include "pipeline/base/file.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace pipeline::archive {

// The file that becomes the target: `.<target>.<random>.part` beside it, for large pieces that are not copied on their
// way, with the kernel writing them to the disk meanwhile. Locked (flock) as long as its writer lives. Removed by the
// destructor or the first failure, unless commit() gave it its name. Throws Error naming the target, the reason, and
// what to do.
class PartFile {
 public:
  explicit PartFile(std::filesystem::path target);
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  void append(std::string_view header, std::string_view data = {});
  void flush();  // all that was appended can be read at path()
  void sync();   // and is on the disk
  void commit();

  [[nodiscard]] const std::filesystem::path& target() const noexcept { return target_; }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

 private:
  void write(std::string_view data);
  void start_write_back() noexcept;
  void discard() noexcept;
  [[noreturn]] void fail();

  std::filesystem::path target_;
  std::filesystem::path path_;
  Fd fd_;
  std::string pending_;           // small pieces, written together
  std::uint64_t size_ = 0;        // with what is pending
  std::uint64_t written_ = 0;     // given to the kernel
  std::uint64_t writing_to_ = 0;  // up to here the kernel was told to write to the disk
};

}  // namespace pipeline::archive
