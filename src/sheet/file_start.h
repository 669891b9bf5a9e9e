#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pipeline::sheet {

// What a file is by its first bytes.
struct FileStart {
  enum class Kind {
    text,
    zip,           // a workbook, perhaps
    old_workbook,  // OLE2: .xls, and what a password protects
  };
  Kind kind = Kind::text;
  std::size_t mark = 0;  // bytes of byte order marks
  std::string encoding;  // which they tell; empty: there is none
};

// `encoding`: what somebody said that it is in; empty: nothing. Throws Error naming the file for what is none of these
// (UTF-16 without a mark unless that was said, UTF-32, a compressed file, a web page, other binary data).
[[nodiscard]] FileStart look_at_start(const std::string& file, std::string_view bytes, std::string_view encoding);

}  // namespace pipeline::sheet
