#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace pipeline::upsert {

// Bytes of the well-formed UTF-8 character a text begins with; 0 when it begins with none.
[[nodiscard]] std::size_t utf8_length(std::string_view text) noexcept;
[[nodiscard]] bool is_ascii(std::string_view text) noexcept;

// CP949 (Microsoft's superset of EUC-KR, all 11,172 syllables), which Korean spreadsheets save, to UTF-8 by iconv.
// Neither byte of its characters is a line end, a quote, a comma or a backslash: lines and fields can be told apart
// before they are converted.
class Cp949 {
 public:
  // Appends the text as UTF-8; gives the offset of the first byte that is none of CP949, and then appends nothing.
  // Throws Error when the system's iconv does not know CP949.
  std::optional<std::size_t> append_utf8(std::string_view text, std::string& out);

 private:
  struct Close {
    void operator()(void* handle) const noexcept;
  };
  std::unique_ptr<void, Close> handle_;  // opened when first needed
};

// Which encoding a file is in. ASCII is the same in all, so nothing is decided before the first row with other bytes;
// then the lines from there on are asked, for a line or two can look like either.
class FileEncoding {
 public:
  // How much of the file is asked.
  static constexpr std::size_t kLookAhead = 64 << 10;

  explicit FileEncoding(std::string file) : file_(std::move(file)) {}

  void set_utf8() noexcept { decided_ = true; }  // by a byte order mark
  // Whether this text can be used as it is, or decide() is due.
  [[nodiscard]] bool must_decide(std::string_view text) const noexcept { return !decided_ && !is_ascii(text); }
  // `ahead` begins with line number `line`; when it is not the rest of the file, only its whole lines are asked, but
  // the first in any case. Throws Error naming the file when its text is in neither encoding.
  void decide(std::string_view ahead, bool rest_of_file, std::int64_t line);

  [[nodiscard]] bool is_cp949() const noexcept { return cp949_file_; }
  [[nodiscard]] std::string_view name() const noexcept { return cp949_file_ ? "CP949" : "UTF-8"; }

  // Appends the text as UTF-8, and gives nullopt; or the offset of the first byte that is not in the file's encoding.
  std::optional<std::size_t> append_utf8(std::string_view text, std::string& out);

 private:
  std::string file_;
  bool decided_ = false;
  bool cp949_file_ = false;
  Cp949 cp949_;
};

// Why a row is rejected whose text, which begins in line `line`, is not in the file's encoding at `offset`.
[[nodiscard]] std::string encoding_fault(std::string_view text, std::int64_t line, std::size_t offset,
                                         std::string_view encoding);

}  // namespace pipeline::upsert
