#include "zip_check.h"

#include <fmt/format.h>
#include <zip.h>

#include <memory>

namespace pipeline::archive {
namespace {

struct ZipDiscard {
  void operator()(zip_t* zip) const noexcept { ::zip_discard(zip); }
};
using ZipHandle = std::unique_ptr<zip_t, ZipDiscard>;

std::string describe(int code) {
  zip_error_t error;
  ::zip_error_init_with_code(&error, code);
  std::string text = ::zip_error_strerror(&error);
  ::zip_error_fini(&error);
  return text;
}

}  // namespace

std::string check_zip(const std::filesystem::path& path, std::uint64_t entries) {
  int error = 0;
  const ZipHandle zip(::zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &error));
  if (!zip) return describe(error);
  const auto found = static_cast<std::uint64_t>(::zip_get_num_entries(zip.get(), 0));
  if (found != entries) return fmt::format("{} of {} entries are there", found, entries);
  return {};
}

}  // namespace pipeline::archive
