#pragma once

#include "pipeline/base/file.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::sheet {

// A file without a name that is gone when it is closed. Throws Error saying why there is none.
[[nodiscard]] Fd open_temporary();

// Bytes that are put one behind the other and read anywhere. What is more than a few pages goes to a temporary file
// without a name, so memory does not grow with them. Throws Error when that can't be written.
class PagedBytes {
 public:
  static constexpr std::size_t kPage = 32 << 10;

  explicit PagedBytes(std::size_t pages_in_memory) : most_(pages_in_memory) {}

  void append(std::string_view bytes);
  // Appends them to `out`; they were put there.
  void read(std::uint64_t offset, std::size_t size, std::string& out);
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

 private:
  struct Page {
    std::unique_ptr<char[]> bytes;  // none: in the file
    bool is_written = false;
    bool was_used = false;  // since the hand came by
  };

  [[nodiscard]] char* bytes_of(std::size_t page);
  void make_room();
  void write(std::size_t page);

  const std::size_t most_;
  std::uint64_t size_ = 0;
  std::vector<Page> pages_;
  std::vector<std::size_t> in_memory_;
  std::size_t hand_ = 0;  // in in_memory_: who is asked next to go
  Fd file_;
};

// The shared texts of a workbook, by their number.
class StringTable {
 public:
  StringTable() : ends_(kPagesOfEnds), text_(kPagesOfText) {}

  void add(std::string_view text);
  // Appends it to `out`; false: there is no such text.
  [[nodiscard]] bool append(std::uint64_t number, std::string& out);
  [[nodiscard]] std::uint64_t size() const noexcept { return count_; }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return text_.size(); }

 private:
  static constexpr std::size_t kPagesOfEnds = 160;
  static constexpr std::size_t kPagesOfText = 400;

  std::uint64_t count_ = 0;
  PagedBytes ends_;  // of each, in text_: 8 bytes
  PagedBytes text_;
  std::string scratch_;
};

}  // namespace pipeline::sheet
