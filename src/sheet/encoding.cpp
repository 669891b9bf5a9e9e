#include "encoding.h"

#include "pipeline/base/error.h"
#include "pipeline/base/log.h"
#include "pipeline/base/text.h"
#include "pipeline/sheet/excerpt.h"
#include "pipeline/sheet/row_reader.h"

#include <fmt/core.h>
#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace pipeline::sheet {
namespace {

// What the lines of a piece of text can be.
struct Votes {
  std::int64_t ascii = 0;
  std::int64_t utf8 = 0;
  std::int64_t cp949 = 0;  // not UTF-8
  std::int64_t neither = 0;
};

Votes count_votes(std::string_view text, Cp949& cp949) {
  Votes votes;
  std::string converted;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find_first_of("\r\n"), text.size());
    const std::string_view line = text.substr(0, size);
    text.remove_prefix(std::min(size + 1, text.size()));
    if (line.empty()) continue;
    converted.clear();
    if (is_ascii(line))
      ++votes.ascii;
    else if (is_utf8(line))
      ++votes.utf8;
    else if (!cp949.append_utf8(line, converted))
      ++votes.cp949;
    else
      ++votes.neither;
  }
  return votes;
}

std::size_t first_bad_utf8(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t bytes = utf8_length(text.substr(at));
    if (bytes == 0) break;
    at += bytes;
  }
  return at;
}

// Absent: the system's iconv does not know it.
IconvHandle open_iconv(const std::string& encoding) {
  const iconv_t opened = ::iconv_open("UTF-8", encoding.c_str());
  return IconvHandle(opened == reinterpret_cast<iconv_t>(-1) ? nullptr : opened);
}

// Whether text in CP949 reads as Korean: most of its letters are of the 2,350 common syllables. What was written in
// another encoding and fits all the same (Windows-1252, Shift-JIS, GBK) is rare syllables and Chinese characters.
bool looks_korean(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  std::size_t common = 0;
  std::size_t others = 0;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (byte(i) < 0x80) continue;
    const unsigned char lead = byte(i);
    const bool second_half = byte(++i) >= 0xA1;
    const bool is_sign = second_half && lead >= 0xA1 && lead <= 0xAC;
    const bool is_common = second_half && lead >= 0xB0 && lead <= 0xC8;
    common += is_common ? 1 : 0;
    others += is_common || is_sign ? 0 : 1;
  }
  return common >= 2 * others;
}

// The first line of the text with such a letter, as it reads in CP949.
std::string first_foreign_line(std::string_view text, Cp949& cp949) {
  constexpr std::size_t kShown = 60;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    std::string converted;
    if (!is_ascii(line) && !cp949.append_utf8(line, converted)) return excerpt(converted, kShown);
  }
  return {};
}

}  // namespace

void IconvClose::operator()(void* handle) const noexcept {
  ::iconv_close(handle);
}

std::optional<std::size_t> Cp949::append_utf8(std::string_view text, std::string& out) {
  if (!handle_) {
    handle_ = open_iconv("CP949");
    if (!handle_)
      throw Error("cannot convert text from CP949: this system's iconv does not know it; convert the file to UTF-8");
  }
  const std::size_t before = out.size();
  out.resize(before + text.size() * 3 / 2 + 1);  // two bytes become three at most
  char* from = const_cast<char*>(text.data());   // iconv's prototype is older than const; it only reads
  std::size_t left = text.size();
  char* to = out.data() + before;
  std::size_t room = out.size() - before;
  if (::iconv(handle_.get(), &from, &left, &to, &room) == static_cast<std::size_t>(-1)) {
    ::iconv(handle_.get(), nullptr, nullptr, nullptr, nullptr);
    out.resize(before);
    return text.size() - left;
  }
  out.resize(out.size() - room);
  return std::nullopt;
}

std::string utf8_of(std::string_view text, Cp949& cp949) {
  std::string converted;
  if (is_utf8(text) || cp949.append_utf8(text, converted)) return std::string(text);
  return converted;
}

StreamDecoder::StreamDecoder(const std::string& encoding) : handle_(open_iconv(encoding)) {
  if (!handle_)
    throw Error(
        fmt::format("cannot convert text from `{}`: this system's iconv knows no such encoding; iconv --list "
                    "names those it knows",
                    encoding));
  const std::string_view name = encoding;
  constexpr std::size_t kFamily = 6;  // UTF-16LE, UCS-2, UTF-32
  const bool four = equal_ignoring_case(name.substr(0, kFamily), "UTF-32");
  const bool two = equal_ignoring_case(name.substr(0, kFamily), "UTF-16") || equal_ignoring_case(name, "UCS-2");
  unit_ = four ? 4 : two ? 2 : 1;
}

void StreamDecoder::append_utf8(std::string_view bytes, bool last, std::string& out) {
  constexpr std::size_t kMostPerByte = 4;
  pending_ += bytes;
  char* from = pending_.data();
  std::size_t left = pending_.size();
  while (left > 0) {
    const std::size_t before = out.size();
    out.resize(before + left * kMostPerByte);
    char* to = out.data() + before;
    std::size_t room = out.size() - before;
    const bool done = ::iconv(handle_.get(), &from, &left, &to, &room) != static_cast<std::size_t>(-1);
    const int why = done ? 0 : errno;
    out.resize(out.size() - room);
    if (done || (why == EINVAL && !last)) break;
    if (why == E2BIG) continue;
    ::iconv(handle_.get(), nullptr, nullptr, nullptr, nullptr);
    out += kNoCharacter;
    const std::size_t passed = std::min(unit_, left);
    from += passed;
    left -= passed;
  }
  pending_.erase(0, pending_.size() - left);
}

bool FileEncoding::must_decide(std::string_view text) const noexcept {
  return !decided_ && !is_ascii(text);
}

void FileEncoding::decide(std::string_view ahead, bool rest_of_file, std::int64_t line) {
  if (!rest_of_file || ahead.size() > kLookAhead) {
    const std::size_t whole = ahead.substr(0, kLookAhead).find_last_of("\r\n");
    const std::size_t first = ahead.find_first_of("\r\n");
    ahead = ahead.substr(0, std::max(whole == std::string_view::npos ? 0 : whole, std::min(first, ahead.size())));
  }
  const Votes votes = count_votes(ahead, cp949_);
  decided_ = true;
  if (votes.cp949 > votes.utf8 && votes.cp949 >= votes.neither) {
    is_cp949_ = true;
    log::info("{} is not UTF-8: read as CP949 (EUC-KR) and converted", file_);
    if (!looks_korean(ahead))
      log::warn(
          "{}: read as CP949 its text is hardly Korean (`{}`): if it was written in another encoding, say so with "
          "--encoding, windows-1252 or shift_jis for example",
          file_, first_foreign_line(ahead, cp949_));
    return;
  }
  // Some broken lines in a file that is otherwise fine are rejected row by row; a file of broken lines is refused.
  const std::int64_t fine = votes.utf8 + votes.ascii + line - 1;
  if (votes.utf8 == 0 && votes.neither + votes.cp949 >= fine)
    throw Error(
        fmt::format("cannot read {}: its text (line {}) is neither UTF-8 nor CP949 (EUC-KR); save it as UTF-8, in a "
                    "spreadsheet as `CSV UTF-8`, or name its encoding with --encoding",
                    file_, line));
}

std::string_view FileEncoding::name() const noexcept {
  if (!converted_from_.empty()) return converted_from_;
  return is_cp949_ ? "CP949" : "UTF-8";
}

std::optional<std::size_t> FileEncoding::append_utf8(std::string_view text, std::string& out) {
  if (is_cp949_) return cp949_.append_utf8(text, out);
  if (!is_utf8(text)) return first_bad_utf8(text);
  out += text;
  return std::nullopt;
}

std::string FileEncoding::fault(std::string_view text, std::int64_t line, std::size_t offset) const {
  const std::string_view before = text.substr(0, offset);
  std::size_t line_begin = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] != '\n' && !(before[i] == '\r' && text.substr(i + 1, 1) != "\n")) continue;
    line_begin = i + 1;
    ++line;
  }
  if (!converted_from_.empty())
    return fmt::format("line {} has bytes that are no character of {}, which the file is read as", line,
                       converted_from_);
  return fmt::format("byte {} of line {} (0x{:02X}) is not {}, which the file is written in; save the file as UTF-8",
                     offset - line_begin + 1, line, static_cast<unsigned char>(text[offset]), name());
}

bool is_encoding(const std::string& name) {
  return is_name_of_cp949(name) || is_name_of_utf8(name) || open_iconv(name) != nullptr;
}

bool is_name_of_cp949(std::string_view encoding) noexcept {
  constexpr std::array<std::string_view, 7> kNames{"cp949", "ms949",       "uhc",           "euc-kr",
                                                   "euckr", "windows-949", "ks_c_5601-1987"};
  return std::ranges::any_of(kNames, [&](std::string_view name) { return equal_ignoring_case(name, encoding); });
}

bool is_name_of_utf8(std::string_view encoding) noexcept {
  constexpr std::array<std::string_view, 3> kNames{"utf-8", "utf8", "utf-8-sig"};
  return std::ranges::any_of(kNames, [&](std::string_view name) { return equal_ignoring_case(name, encoding); });
}

}  // namespace pipeline::sheet
