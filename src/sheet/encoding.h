#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace pipeline::sheet {

struct IconvClose {
  void operator()(void* handle) const noexcept;
};
using IconvHandle = std::unique_ptr<void, IconvClose>;

// CP949 (Microsoft's superset of EUC-KR, all 11,172 syllables), which Korean spreadsheets save, to UTF-8 by iconv.
// Neither byte of its characters is a line end, a quote, a separator or a backslash: lines and fields can be told apart
// before they are converted.
class Cp949 {
 public:
  // Appends the text as UTF-8; gives the offset of the first byte that is none of CP949, and then appends nothing.
  // Throws Error when the system's iconv does not know CP949.
  std::optional<std::size_t> append_utf8(std::string_view text, std::string& out);

 private:
  IconvHandle handle_;  // opened when first needed
};

// The text as UTF-8, for who looks at a file before its encoding is decided: as it is, or of CP949.
[[nodiscard]] std::string utf8_of(std::string_view text, Cp949& cp949);

// A byte that UTF-8 never has: what StreamDecoder puts in the place of what it can't convert.
inline constexpr char kNoCharacter = '\xFF';

// A whole file's text to UTF-8, before it is cut into lines: of encodings whose characters may have a line end or a
// separator among their bytes.
class StreamDecoder {
 public:
  // A name that iconv knows. Throws Error when it doesn't.
  explicit StreamDecoder(const std::string& encoding);
  // Half a character at the end waits for the rest of it, unless there is none.
  void append_utf8(std::string_view bytes, bool last, std::string& out);

 private:
  IconvHandle handle_;
  std::size_t unit_;     // bytes that are passed over where there is no character
  std::string pending_;  // the half character, and while converting what is still to do
};

// Which encoding a file is in. ASCII is the same in all, so nothing is decided before the first row with other bytes;
// then the lines from there on are asked, for a line or two can look like either.
class FileEncoding {
 public:
  // How much of the file is asked.
  static constexpr std::size_t kLookAhead = 64 << 10;

  explicit FileEncoding(std::string file) : file_(std::move(file)) {}

  // It is known, by a byte order mark or because somebody said it.
  void set_utf8() noexcept { decided_ = true; }
  void set_cp949() noexcept { decided_ = is_cp949_ = true; }
  // The text is UTF-8, and was something else before a StreamDecoder converted it.
  void set_converted_from(std::string name) {
    decided_ = true;
    converted_from_ = std::move(name);
  }

  // Whether this text can be used as it is, or decide() is due.
  [[nodiscard]] bool must_decide(std::string_view text) const noexcept;
  // `ahead` begins with line number `line`; when it is not the rest of the file, only its whole lines are asked, but
  // the first in any case. Throws Error naming the file when its text is in neither encoding.
  void decide(std::string_view ahead, bool rest_of_file, std::int64_t line);

  // Whether the text is in UTF-8 as it comes, right or wrong.
  [[nodiscard]] bool is_utf8_as_it_comes() const noexcept { return !is_cp949_ && converted_from_.empty(); }
  [[nodiscard]] std::string_view name() const noexcept;

  // Appends the text as UTF-8, and gives nullopt; or the offset of the first byte that is not in the file's encoding.
  std::optional<std::size_t> append_utf8(std::string_view text, std::string& out);
  // Why a row is rejected whose text, which begins in line `line`, is not in the file's encoding at `offset`.
  [[nodiscard]] std::string fault(std::string_view text, std::int64_t line, std::size_t offset) const;

 private:
  std::string file_;
  bool decided_ = false;
  bool is_cp949_ = false;
  std::string converted_from_;
  Cp949 cp949_;
};

// Whether the name is one of CP949 and its subsets, or of UTF-8: what needs no StreamDecoder.
[[nodiscard]] bool is_name_of_cp949(std::string_view encoding) noexcept;
[[nodiscard]] bool is_name_of_utf8(std::string_view encoding) noexcept;

}  // namespace pipeline::sheet
