#include "string_table.h"

#include "pipeline/base/error.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace pipeline::sheet {
// Not /tmp first, which is memory on some systems.
Fd open_temporary() {
  const char* const wished = std::getenv("TMPDIR");
  for (const char* const folder : {wished, "/var/tmp", "/tmp"}) {
    if (folder == nullptr || *folder == '\0') continue;
    std::string name = std::string(folder) + "/pipeline-XXXXXX";
    Fd fd(::mkostemp(name.data(), O_CLOEXEC));
    if (!fd) continue;
    ::unlink(name.c_str());
    return fd;
  }
  throw Error(fmt::format("cannot make a temporary file in $TMPDIR, /var/tmp or /tmp: {}", std::strerror(errno)));
}

void PagedBytes::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t at = size_ % kPage;
    if (at == 0) {
      make_room();
      in_memory_.push_back(pages_.size());
      pages_.push_back({std::make_unique<char[]>(kPage), false, true});
    }
    const std::size_t part = std::min(bytes.size(), kPage - at);
    std::memcpy(bytes_of(pages_.size() - 1) + at, bytes.data(), part);
    size_ += part;
    bytes.remove_prefix(part);
  }
}

void PagedBytes::read(std::uint64_t offset, std::size_t size, std::string& out) {
  while (size > 0) {
    const std::size_t at = offset % kPage;
    const std::size_t part = std::min(size, kPage - at);
    out.append(bytes_of(offset / kPage) + at, part);
    offset += part;
    size -= part;
  }
}

char* PagedBytes::bytes_of(std::size_t number) {
  Page& page = pages_[number];
  page.was_used = true;
  if (page.bytes) return page.bytes.get();
  make_room();
  page.bytes = std::make_unique<char[]>(kPage);
  in_memory_.push_back(number);
  for (std::size_t done = 0; done < kPage;) {
    const ssize_t n =
        ::pread(file_.get(), page.bytes.get() + done, kPage - done, static_cast<off_t>(number * kPage + done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0)
      throw Error(fmt::format("cannot read a temporary file: {}", n < 0 ? std::strerror(errno) : "it is cut"));
    done += static_cast<std::size_t>(n);
  }
  return page.bytes.get();
}

// The clock: a page that was used since the hand came by stays for another round. The last one is being filled.
void PagedBytes::make_room() {
  if (in_memory_.size() < most_) return;
  for (;; ++hand_) {
    hand_ %= in_memory_.size();
    const std::size_t number = in_memory_[hand_];
    Page& page = pages_[number];
    const bool is_open = number + 1 == pages_.size() && size_ % kPage != 0;
    if (is_open || page.was_used) {
      page.was_used = false;
      continue;
    }
    if (!page.is_written) write(number);
    page.bytes.reset();
    in_memory_[hand_] = in_memory_.back();
    in_memory_.pop_back();
    return;
  }
}

void PagedBytes::write(std::size_t number) {
  if (!file_) file_ = open_temporary();
  Page& page = pages_[number];
  for (std::size_t done = 0; done < kPage;) {
    const ssize_t n =
        ::pwrite(file_.get(), page.bytes.get() + done, kPage - done, static_cast<off_t>(number * kPage + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0)
      throw Error(fmt::format("cannot write a temporary file: {}; make room, or name another folder with TMPDIR",
                              std::strerror(errno)));
    done += static_cast<std::size_t>(n);
  }
  page.is_written = true;
}

void StringTable::add(std::string_view text) {
  text_.append(text);
  const std::uint64_t end = text_.size();
  char bytes[sizeof end];
  std::memcpy(bytes, &end, sizeof end);
  ends_.append({bytes, sizeof end});
  ++count_;
}

bool StringTable::append(std::uint64_t number, std::string& out) {
  if (number >= count_) return false;
  std::uint64_t range[2] = {0, 0};
  const std::uint64_t first = number == 0 ? 0 : number - 1;
  scratch_.clear();
  ends_.read(first * sizeof(std::uint64_t), (number - first + 1) * sizeof(std::uint64_t), scratch_);
  std::memcpy(number == 0 ? range + 1 : range, scratch_.data(), scratch_.size());
  text_.read(range[0], range[1] - range[0], out);
  return true;
}

}  // namespace pipeline::sheet
