#include "file_start.h"

#include "pipeline/base/error.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstddef>

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

// Two bytes a character, most high ones of which are NUL in a header or JSON. A text with some NUL bytes, or a tail of
// them, has other characters in both places.
bool is_utf16(std::string_view bytes) noexcept {
  std::array<std::size_t, 2> nul{};
  std::array<std::size_t, 2> ascii{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (byte == 0) ++nul[i % 2];
    if (byte != 0 && byte < 0x80) ++ascii[i % 2];
  }
  return nul[0] > ascii[0] || nul[1] > ascii[1];
}

// More than a damaged text has.
bool is_binary(std::string_view bytes) noexcept {
  constexpr std::size_t kOneIn = 8;
  return static_cast<std::size_t>(std::ranges::count(bytes, '\0')) > bytes.size() / kOneIn;
}

}  // namespace

std::size_t check_file_start(const std::string& file, std::string_view bytes) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  for (const auto& [magic, what, advice] : kForeign)
    if (bytes.starts_with(magic)) throw Error(fmt::format("cannot read {}: it is {}; {}", file, what, advice));
  // A file that was cut, or never written to its end, is filled up with NUL bytes: they cost what they stand in.
  const std::string_view text = bytes.substr(0, bytes.find_last_not_of('\0') + 1);
  if (is_utf16(text))
    throw Error(fmt::format("cannot read {}: it is UTF-16 (it has NUL bytes); {}", file, kSaveAsUtf8));
  if (is_binary(text))
    throw Error(fmt::format("cannot read {}: it is binary data, full of NUL bytes; {}", file, kSaveAsUtf8));
  std::size_t marks = 0;  // one of its own, and one of the file it was made from
  while (bytes.substr(marks).starts_with(kByteOrderMark)) marks += kByteOrderMark.size();
  return marks;
}

}  // namespace pipeline::upsert
