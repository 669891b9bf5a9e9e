#include "file_start.h"

#include "pipeline/base/error.h"

#include <fmt/core.h>

#include <array>

namespace pipeline::upsert {
namespace {

using namespace std::string_view_literals;

struct Foreign {
  std::string_view magic;
  std::string_view what;
  std::string_view advice;
};

constexpr std::string_view kSaveAsCsv = "in the spreadsheet program, save it as `CSV UTF-8`";
constexpr std::string_view kSaveAsUtf8 = "save it as UTF-8, in a spreadsheet as `CSV UTF-8`";

// UTF-32's little-endian mark begins with UTF-16's: the longer ones come first.
constexpr std::array<Foreign, 7> kForeign{{
    {"\xFF\xFE\0\0"sv, "UTF-32", kSaveAsUtf8},
    {"\0\0\xFE\xFF"sv, "UTF-32", kSaveAsUtf8},
    {"\xFF\xFE"sv, "UTF-16", kSaveAsUtf8},
    {"\xFE\xFF"sv, "UTF-16", kSaveAsUtf8},
    {"PK\x03\x04"sv, "a zip archive, as a workbook (.xlsx) is one",
     "save a workbook as `CSV UTF-8`, and unpack an archive first"},
    {"\xD0\xCF\x11\xE0"sv, "a workbook (.xls)", kSaveAsCsv},
    {"\x1F\x8B"sv, "compressed with gzip", "unpack it first: gunzip FILE, or gunzip -c FILE | pipeline upsert -"},
}};

}  // namespace

std::size_t check_file_start(const std::string& file, std::string_view bytes) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  for (const auto& [magic, what, advice] : kForeign)
    if (bytes.starts_with(magic)) throw Error(fmt::format("cannot read {}: it is {}; {}", file, what, advice));
  if (bytes.find('\0') != std::string_view::npos)
    throw Error(fmt::format("cannot read {}: it is binary data or UTF-16 (it has NUL bytes); {}", file, kSaveAsUtf8));
  return bytes.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
}

}  // namespace pipeline::upsert
