#pragma once

#include "pipeline/base/file.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

struct zip;
struct zip_file;

namespace pipeline::sheet {

// One file of an archive, read as a stream. What grows as no spreadsheet does is refused when it has.
class ZipEntry {
 public:
  // 0: it is read. Throws Error saying what is wrong, without the file's name.
  [[nodiscard]] std::size_t read(std::span<char> room);
  // How much of it is read, 0 to 1, as far as the archive says the truth.
  [[nodiscard]] double share() const noexcept;
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }  // as the archive has it

 private:
  friend class ZipFile;
  struct Close {
    void operator()(zip_file* file) const noexcept;
  };
  ZipEntry(zip_file* file, std::string name, std::uint64_t size, std::uint64_t packed)
      : file_(file), name_(std::move(name)), size_(size), packed_(packed) {}

  std::unique_ptr<zip_file, Close> file_;
  std::string name_;
  std::uint64_t size_;
  std::uint64_t packed_;
  std::uint64_t read_ = 0;
};

// A zip archive, read here and there. By libzip.
class ZipFile {
 public:
  // Throws Error saying what is wrong with it.
  explicit ZipFile(Fd file);

  [[nodiscard]] bool has(const std::string& name) const;
  // A name that it doesn't have is an Error, too.
  [[nodiscard]] ZipEntry open(const std::string& name) const;

 private:
  [[nodiscard]] std::int64_t place_of(const std::string& name) const;

  struct Discard {
    void operator()(zip* archive) const noexcept;
  };
  std::unique_ptr<zip, Discard> archive_;
};

}  // namespace pipeline::sheet
