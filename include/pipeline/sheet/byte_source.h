#pragma once

#include "pipeline/base/file.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace pipeline::sheet {

// The bytes of one input: a file, or standard input for `-`. Throws Error naming it: missing, a folder, unreadable, or
// failing while it is read.
class ByteSource {
 public:
  explicit ByteSource(std::string path);
  // A descriptor that is open already; `name` is what messages call it.
  ByteSource(Fd fd, std::string name);

  enum class Got { bytes, nothing_yet, end };
  // Reads what is there, at most `room`, into its start; `size` says how much. A pipe or terminal that has nothing is
  // waited for 200 ms, then `nothing_yet`: the caller may want to stop, or to commit what it has.
  Got read(std::span<char> room, std::size_t& size);

  // A descriptor of its own for who reads the file here and there, from its beginning on. None: it is no regular file,
  // or somebody has read from it before.
  [[nodiscard]] Fd whole_file() const;
  // Of who does: how much of the file is done, for bytes_read().
  void set_bytes_read(std::uint64_t bytes) noexcept { bytes_read_ = bytes; }

  [[nodiscard]] const std::string& name() const noexcept { return name_; }  // the path; `standard input`
  // Of a regular file; 0 when nobody knows.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  [[nodiscard]] std::uint64_t bytes_read() const noexcept { return bytes_read_; }

 private:
  void inspect();

  std::string name_;
  Fd owned_;
  int fd_ = -1;
  bool regular_ = false;
  bool from_beginning_ = false;
  std::uint64_t size_ = 0;
  std::uint64_t bytes_read_ = 0;
};

}  // namespace pipeline::sheet
