#include "zip_file.h"

#include "pipeline/base/error.h"

#include <fmt/core.h>
#include <unistd.h>
#include <zip.h>

#include <algorithm>
#include <utility>

namespace pipeline::sheet {
namespace {

// The XML of large sheets is packed to a fifth or a twentieth.
constexpr std::uint64_t kHarmless = 64 << 20;
constexpr std::uint64_t kMostPerByte = 200;
constexpr std::uint64_t kMost = std::uint64_t{16} << 30U;

}  // namespace

void ZipEntry::Close::operator()(zip_file* file) const noexcept {
  ::zip_fclose(file);
}

std::size_t ZipEntry::read(std::span<char> room) {
  const zip_int64_t n = ::zip_fread(file_.get(), room.data(), room.size());
  if (n < 0) throw Error(fmt::format("{} in it: {}", name_, ::zip_file_strerror(file_.get())));
  read_ += static_cast<std::uint64_t>(n);
  if (read_ > kHarmless && (read_ / kMostPerByte > packed_ || read_ > kMost))
    throw Error(fmt::format("{} in it has more than {} MB in {} KB of the file, as no spreadsheet program writes it",
                            name_, read_ >> 20U, packed_ >> 10U));
  return static_cast<std::size_t>(n);
}

double ZipEntry::share() const noexcept {
  return size_ == 0 || read_ >= size_ ? 1 : static_cast<double>(read_) / static_cast<double>(size_);
}

void ZipFile::Discard::operator()(zip* archive) const noexcept {
  ::zip_discard(archive);
}

ZipFile::ZipFile(Fd file) {
  Fd own = std::move(file);
  int code = 0;
  archive_.reset(::zip_fdopen(::dup(own.get()), 0, &code));
  if (archive_) return;
  zip_error_t error;
  ::zip_error_init_with_code(&error, code);
  const std::string why = ::zip_error_strerror(&error);
  ::zip_error_fini(&error);
  throw Error(why);
}

// Below zero: there is no such file. Some programs of Windows name them with `\\`.
std::int64_t ZipFile::place_of(const std::string& name) const {
  const zip_int64_t place = ::zip_name_locate(archive_.get(), name.c_str(), ZIP_FL_NOCASE);
  if (place >= 0) return place;
  std::string of_windows = name;
  std::ranges::replace(of_windows, '/', '\\');
  return ::zip_name_locate(archive_.get(), of_windows.c_str(), ZIP_FL_NOCASE);
}

bool ZipFile::has(const std::string& name) const {
  return place_of(name) >= 0;
}

ZipEntry ZipFile::open(const std::string& name) const {
  const std::int64_t index = place_of(name);
  if (index < 0) throw Error(fmt::format("it has no {}", name));
  zip_stat_t stat;
  ::zip_stat_init(&stat);
  const auto place = static_cast<zip_uint64_t>(index);
  zip_file_t* const opened =
      ::zip_stat_index(archive_.get(), place, 0, &stat) == 0 ? ::zip_fopen_index(archive_.get(), place, 0) : nullptr;
  if (opened == nullptr) throw Error(fmt::format("{} in it: {}", name, ::zip_strerror(archive_.get())));
  return {opened, name, (stat.valid & ZIP_STAT_SIZE) != 0 ? stat.size : 0,
          (stat.valid & ZIP_STAT_COMP_SIZE) != 0 ? stat.comp_size : 0};
}

}  // namespace pipeline::sheet
