#include "image_type.h"

#include "pipeline/base/text.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace pipeline::media {
namespace {

using namespace std::string_view_literals;

struct Known {
  std::string_view start;
  ImageType type;
};
constexpr std::array<Known, 4> kKnown{{
    {"\xFF\xD8\xFF"sv, ImageType::jpeg},
    {"\x89PNG\r\n\x1A\n"sv, ImageType::png},
    {"GIF87a"sv, ImageType::gif},
    {"GIF89a"sv, ImageType::gif},
}};

struct Foreign {
  std::string_view start;
  std::string_view what;
};
constexpr std::array<Foreign, 9> kForeignPictures{{
    {"BM"sv, "a BMP picture"},
    {"II*\0"sv, "a TIFF or camera raw picture"},
    {"MM\0*"sv, "a TIFF or camera raw picture"},
    {"8BPS"sv, "a Photoshop document"},
    {"<svg"sv, "an SVG drawing"},
    {"\0\0\1\0"sv, "an icon"},
    {"\0\0\0\x0CjP  "sv, "a JPEG 2000 picture"},
    {"\0\0\0\x0CJXL "sv, "a JPEG XL picture"},
    {"\xFF\x0A"sv, "a JPEG XL picture"},
}};
constexpr std::array<Foreign, 14> kForeign{{
    {"%PDF"sv, "a PDF document"},
    {"PK\3\4"sv, "a zip archive or an office document"},
    {"\xD0\xCF\x11\xE0"sv, "an office document"},
    {"Rar!"sv, "an archive"},
    {"7z\xBC\xAF"sv, "an archive"},
    {"\x1F\x8B"sv, "compressed with gzip"},
    {"\x1A\x45\xDF\xA3"sv, "a video"},
    {"OggS"sv, "an Ogg file"},
    {"ID3"sv, "an MP3 file"},
    {"\x7F"
     "ELF"sv,
     "a program"},
    {"MZ"sv, "a program"},
    {"<!DOCTYPE"sv, "a web page"},
    {"<!doctype"sv, "a web page"},
    {"<html"sv, "a web page"},
}};

// ISO base media files say what they are behind `ftyp`.
struct Brand {
  std::string_view start;
  std::string_view what;
  bool picture;
};
constexpr std::array<Brand, 10> kBrands{{
    {"heic"sv, "a HEIC picture", true},
    {"heix"sv, "a HEIC picture", true},
    {"heim"sv, "a HEIC picture", true},
    {"heis"sv, "a HEIC picture", true},
    {"hev"sv, "a HEIC picture", true},
    {"mif1"sv, "a HEIC or AVIF picture", true},
    {"msf1"sv, "a HEIC or AVIF picture", true},
    {"avi"sv, "an AVIF picture", true},
    {"crx"sv, "a camera raw picture", true},
    {""sv, "a video", false},
}};

[[noreturn]] void throw_foreign(std::string_view what, bool picture) {
  throw ImageError(fmt::format("is {}{}", what, picture ? ": save it as JPEG" : ", no picture"));
}

bool is_text(std::string_view start) {
  const auto printable = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 || c == '\t' || c == '\r' || c == '\n';
  };
  // The last character may have been cut.
  for (std::size_t cut = 0; cut < 4 && cut < start.size(); ++cut)
    if (is_utf8(start.substr(0, start.size() - cut))) return std::ranges::all_of(start, printable);
  return false;
}

[[noreturn]] void throw_no_picture(std::string_view bytes) {
  if (bytes.empty()) throw ImageError("is empty");
  const std::string_view start = bytes.substr(0, 4096);
  if (std::ranges::all_of(start, [](char c) { return c == '\0'; }))
    throw ImageError("is no picture: it holds zeros, as after a copy that failed");
  if (start.size() >= 12 && start.substr(4).starts_with("ftyp"))
    for (const auto& [brand, what, picture] : kBrands)
      if (start.substr(8).starts_with(brand)) throw_foreign(what, picture);
  for (const auto& [magic, what] : kForeignPictures)
    if (start.starts_with(magic)) throw_foreign(what, true);
  if (start.starts_with("RIFF")) throw_foreign("a RIFF file (sound or video)", false);
  for (const auto& [magic, what] : kForeign)
    if (start.starts_with(magic)) throw_foreign(what, false);
  if (!is_text(start)) throw ImageError("is no picture: it is neither JPEG, PNG, WebP nor GIF");
  if (start.find("<svg") != std::string_view::npos) throw_foreign("an SVG drawing", true);
  throw_foreign("text", false);
}

}  // namespace

ImageType image_type(std::string_view bytes) {
  for (const auto& [start, type] : kKnown)
    if (bytes.starts_with(start)) return type;
  if (bytes.starts_with("RIFF") && bytes.substr(0, 12).ends_with("WEBP")) return ImageType::webp;
  throw_no_picture(bytes);
}

}  // namespace pipeline::media
