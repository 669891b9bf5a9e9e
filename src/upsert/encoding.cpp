#include "encoding.h"

#include "pipeline/base/error.h"
#include "pipeline/base/log.h"
#include "pipeline/base/text.h"

#include <fmt/core.h>
#include <iconv.h>

#include <algorithm>
#include <cstring>

namespace pipeline::upsert {
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

}  // namespace

std::size_t utf8_length(std::string_view text) noexcept {
  if (text.empty()) return 0;
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return bytes <= text.size() && is_utf8(text.substr(0, bytes)) ? bytes : 0;
}

bool is_ascii(std::string_view text) noexcept {
  constexpr std::uint64_t kHigh = 0x8080808080808080U;
  constexpr std::size_t kStep = 4 * sizeof(std::uint64_t);
  std::size_t at = 0;
  for (; at + kStep <= text.size(); at += kStep) {
    std::uint64_t words[4];
    std::memcpy(words, text.data() + at, kStep);
    if (((words[0] | words[1] | words[2] | words[3]) & kHigh) != 0) return false;
  }
  return std::ranges::all_of(text.substr(at), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

void Cp949::Close::operator()(void* handle) const noexcept {
  ::iconv_close(handle);
}

std::optional<std::size_t> Cp949::append_utf8(std::string_view text, std::string& out) {
  if (!handle_) {
    const iconv_t opened = ::iconv_open("UTF-8", "CP949");
    if (opened == reinterpret_cast<iconv_t>(-1))
      throw Error("cannot convert text from CP949: this system's iconv does not know it; convert the file to UTF-8");
    handle_.reset(opened);
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

void FileEncoding::decide(std::string_view ahead, bool rest_of_file, std::int64_t line) {
  if (!rest_of_file || ahead.size() > kLookAhead) {
    const std::size_t whole = ahead.substr(0, kLookAhead).find_last_of("\r\n");
    const std::size_t first = ahead.find_first_of("\r\n");
    ahead = ahead.substr(0, std::max(whole == std::string_view::npos ? 0 : whole, std::min(first, ahead.size())));
  }
  const Votes votes = count_votes(ahead, cp949_);
  decided_ = true;
  if (votes.cp949 > votes.utf8 && votes.cp949 >= votes.neither) {
    cp949_file_ = true;
    log::info("{} is not UTF-8: read as CP949 (EUC-KR) and converted", file_);
    return;
  }
  // Some broken lines in a file that is otherwise fine are rejected row by row; a file of broken lines is refused.
  const std::int64_t fine = votes.utf8 + votes.ascii + line - 1;
  if (votes.utf8 == 0 && votes.neither + votes.cp949 >= fine)
    throw Error(
        fmt::format("cannot read {}: its text (line {}) is neither UTF-8 nor CP949 (EUC-KR); save it as UTF-8, in a "
                    "spreadsheet as `CSV UTF-8`",
                    file_, line));
}

std::optional<std::size_t> FileEncoding::append_utf8(std::string_view text, std::string& out) {
  if (cp949_file_) return cp949_.append_utf8(text, out);
  if (!is_utf8(text)) return first_bad_utf8(text);
  out += text;
  return std::nullopt;
}

std::string encoding_fault(std::string_view text, std::int64_t line, std::size_t offset, std::string_view encoding) {
  const std::string_view before = text.substr(0, offset);
  std::size_t line_begin = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] != '\n' && !(before[i] == '\r' && text.substr(i + 1, 1) != "\n")) continue;
    line_begin = i + 1;
    ++line;
  }
  return fmt::format("byte {} of line {} (0x{:02X}) is not {}, which the file is written in; save the file as UTF-8",
                     offset - line_begin + 1, line, static_cast<unsigned char>(text[offset]), encoding);
}

}  // namespace pipeline::upsert
