#include "file_fault.h"

#include "pipeline/base/file.h"
#include "pipeline/base/text.h"

#include "bytes.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace pipeline::media {
namespace {

constexpr std::size_t kBoxHeader = 16;  // with the 64-bit size that a box may have
constexpr int kMostBoxes = 10'000;      // at the top level: fragments of an hour are fewer

// A box of ISO base media (ISO 14496-12): size and type, of which a file is a row.
struct Box {
  std::string type;
  std::uint64_t size = 0;
};

std::optional<Box> read_box(int fd, std::uint64_t at) {
  std::array<char, kBoxHeader> bytes{};
  const ssize_t n = ::pread(fd, bytes.data(), bytes.size(), static_cast<off_t>(at));
  if (n < 8) return std::nullopt;
  const std::string_view header(bytes.data(), static_cast<std::size_t>(n));
  Box box{std::string(header.substr(4, 4)), big_endian(header.substr(0, 4))};
  if (box.size == 1 && n == kBoxHeader) box.size = big_endian(header.substr(8));
  return box;
}

bool is_iso_media(const Box& first) {
  constexpr std::array kFirst{"ftyp", "moov", "mdat", "free", "wide", "skip"};
  return std::ranges::any_of(kFirst, [&](const char* type) { return first.type == type; });
}

bool has_index(int fd) {
  std::uint64_t at = 0;
  for (int n = 0; n < kMostBoxes; ++n) {
    const auto box = read_box(fd, at);
    if (!box) return false;
    if (box->type == "moov") return true;
    if (box->size < 8 || at + box->size < at) return false;
    at += box->size;
  }
  return false;
}

bool is_text(int fd) {
  constexpr std::size_t kLongestCharacter = 4;
  std::array<char, 512> bytes{};
  const ssize_t n = ::pread(fd, bytes.data(), bytes.size(), 0);
  if (n <= 0) return false;
  std::string_view beginning(bytes.data(), static_cast<std::size_t>(n));
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 && !std::strchr("\t\r\n\f", c); };
  if (std::ranges::any_of(beginning, is_control)) return false;
  for (std::size_t cut = 0; cut < kLongestCharacter && !beginning.empty(); ++cut, beginning.remove_suffix(1))
    if (is_utf8(beginning)) return true;
  return false;
}

}  // namespace

std::string reading_fault(const std::filesystem::path& file) {
  // A named pipe without a writer would hold up a plain open().
  const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return fmt::format("can't be read: {}", std::strerror(errno));
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return fmt::format("can't be read: {}", std::strerror(errno));
  if (!S_ISREG(status.st_mode)) return "is no regular file";
  return status.st_size == 0 ? "is empty" : "";
}

std::string opening_fault(const std::filesystem::path& file) {
  const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  const auto first = fd ? read_box(fd.get(), 0) : std::nullopt;
  if (first && is_iso_media(*first))
    return has_index(fd.get()) ? "is damaged: its index (moov) can't be read"
                               : "is cut short: its index (moov) is missing";
  if (fd && is_text(fd.get())) return "is no video: it holds text";
  return "is no video, or damaged: its beginning is that of no known video format";
}

}  // namespace pipeline::media
