#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

namespace pipeline::archive {

// How hard text is deflated; what is compressed already is always stored.
enum class Compression { none, fast, standard, best };

// Where ZIP64 begins: a number that reaches its mark stands in a 64-bit record. Smaller marks are for tests.
struct Zip64Marks {
  std::uint64_t bytes = 0xFFFF'FFFF;  // of a size or an offset
  std::uint64_t entries = 0xFFFF;
};

// A zip file (APPNOTE.TXT 6.3.10) that appears whole or not at all, the same bytes for the same entries: fixed times
// and attributes, entries in the order they were added, UTF-8 names, ZIP64 only where it must be. Written beside the
// target as it grows, checked by libzip, synced and renamed; without commit() nothing stays. Memory grows
// by an entry's name, and for a text while it is deflated. One thread at a time. Throws Error naming the target; after
// an Error of the disk nothing more can be added.
class ZipWriter {
 public:
  ZipWriter(std::filesystem::path target, Compression compression, const Zip64Marks& marks = {});
  ~ZipWriter();
  ZipWriter(const ZipWriter&) = delete;
  ZipWriter& operator=(const ZipWriter&) = delete;

  // `name`: UTF-8, relative, with `/`, given once. `crc` is crc32_of(bytes): the same bytes in two archives are summed
  // once.
  void store(std::string_view name, std::string_view bytes, std::uint32_t crc);
  // Stored when deflating gains nothing.
  void deflate(std::string_view name, std::string_view text);

  // Whole and on the disk, but for the name. Any thread, so that two archives can be synced at once.
  void finish();
  // Gives it the name, once and last; finishes first what is not finished. The name outlives a power cut once the
  // folder was synced (base/file.h: sync_folder).
  void commit();
  [[nodiscard]] std::uint64_t size() const noexcept;  // of the file, so far

 private:
  struct State;
  std::unique_ptr<State> state_;
};

[[nodiscard]] std::uint32_t crc32_of(std::string_view bytes) noexcept;

// Removes what killed writers left in the folder; a file that another process is writing stays. Throws Error.
void remove_litter(const std::filesystem::path& folder);

}  // namespace pipeline::archive
