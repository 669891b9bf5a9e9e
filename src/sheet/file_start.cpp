#include "file_start.h"

#include "pipeline/base/error.h"
#include "pipeline/base/text.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>

namespace pipeline::sheet {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kSaveAsUtf8 = "save it as UTF-8, in a spreadsheet as `CSV UTF-8`";

struct Mark {
  std::string_view bytes;
  std::string_view encoding;
};

// UTF-32's little-endian mark begins with UTF-16's: the longer ones come first.
constexpr std::array<Mark, 4> kMarks{{{"\xFF\xFE\0\0"sv, "UTF-32LE"},
                                      {"\0\0\xFE\xFF"sv, "UTF-32BE"},
                                      {"\xFF\xFE"sv, "UTF-16LE"},
                                      {"\xFE\xFF"sv, "UTF-16BE"}}};

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

// What begins so is no table of products, whatever it is called.
struct StartKind {
  std::string_view begin;
  std::string_view what;
  std::string_view advice;
};

constexpr std::string_view kUnpack = "unpack it first";
constexpr std::string_view kSaveTable = "save its table as .xlsx or `CSV UTF-8`";
constexpr std::array<StartKind, 12> kOthers{{{"\x28\xB5\x2F\xFD", "compressed with zstd", kUnpack},
                                             {"\xFD"
                                              "7zXZ",
                                              "compressed with xz", kUnpack},
                                             {"BZh", "compressed with bzip2", kUnpack},
                                             {"7z\xBC\xAF\x27\x1C", "a 7z archive", kUnpack},
                                             {"Rar!", "a RAR archive", kUnpack},
                                             {"%PDF-", "a PDF", kSaveTable},
                                             {"\x89PNG", "a picture", kSaveTable},
                                             {"\xFF\xD8\xFF", "a picture", kSaveTable},
                                             {"GIF8", "a picture", kSaveTable},
                                             {"SQLite format 3", "a SQLite database", "export its table as CSV"},
                                             {"{\\rtf", "a text of a word processor", kSaveTable},
                                             {"HWP Document File", "a document of Hangul", kSaveTable}}};

// What some shops call .xls: the table of a web page, or the XML of an old spreadsheet.
bool is_markup(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 16> kTags{"<html",  "<!doctype", "<table",   "<?xml",    "<meta", "<head",
                                                   "<style", "<!--",      "<script",  "<body",    "<div",  "<title",
                                                   "<rss",   "<feed",     "<channel", "<products"};
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  return std::ranges::any_of(kTags, [&](auto tag) { return equal_ignoring_case(text.substr(0, tag.size()), tag); });
}

}  // namespace

FileStart look_at_start(const std::string& file, std::string_view bytes, std::string_view encoding) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  const auto refuse = [&](std::string_view what, std::string_view advice) {
    throw Error(fmt::format("cannot read {}: it is {}; {}", file, what, advice));
  };
  if (bytes.starts_with("PK\x03\x04") || bytes.starts_with("PK\x05\x06")) return {FileStart::Kind::zip, 0, {}};
  if (bytes.starts_with("\xD0\xCF\x11\xE0")) return {FileStart::Kind::old_workbook, 0, {}};
  if (bytes.starts_with("\x1F\x8B"))
    refuse("compressed with gzip", "unpack it first: gunzip FILE, or gunzip -c FILE | pipeline upsert -");
  if (std::filesystem::path(file).filename().string().starts_with("~$"))
    refuse("what a spreadsheet program keeps beside a workbook that is open in it",
           "name the workbook itself, and close it in that program first");
  for (const auto& [begin, what, advice] : kOthers)
    if (bytes.starts_with(begin)) refuse(what, advice);
  for (const auto& [mark, name] : kMarks) {
    if (!bytes.starts_with(mark)) continue;
    if (name.starts_with("UTF-32")) refuse("UTF-32", kSaveAsUtf8);
    return {FileStart::Kind::text, mark.size(), std::string(name)};
  }
  FileStart start;  // one mark of its own, and one of the file it was made from
  while (bytes.substr(start.mark).starts_with(kByteOrderMark)) start.mark += kByteOrderMark.size();
  if (start.mark > 0) start.encoding = "UTF-8";
  if (!encoding.empty()) return start;
  // A file that was cut, or never written to its end, is filled up with NUL bytes: they cost what they stand in.
  const std::string_view text = bytes.substr(0, bytes.find_last_not_of('\0') + 1);
  if (is_utf16(text))
    refuse("UTF-16 without a mark (it has NUL bytes)", "save it as UTF-8, or say --encoding utf-16le or utf-16be");
  if (is_binary(text)) refuse("binary data, full of NUL bytes", kSaveAsUtf8);
  if (is_markup(bytes.substr(start.mark)))
    refuse("a web page or other markup, which some shops call .xls",
           "open it in a spreadsheet program and save it as .xlsx or `CSV UTF-8`; if it shows a page for logging in "
           "there, download it again");
  return start;
}

}  // namespace pipeline::sheet
