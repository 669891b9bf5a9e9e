#include "old_workbook.h"

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace pipeline::sheet {
namespace {

// The name of the stream that has the workbook, as the container's list spells it: UTF-16.
constexpr std::string_view kEncrypted{"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", 32};

bool is_encrypted(const Fd& file) {
  constexpr std::size_t kPiece = 1 << 20;
  std::string text;
  std::string piece(kPiece, '\0');
  for (off_t at = 0;;) {
    const ssize_t n = ::pread(file.get(), piece.data(), piece.size(), at);
    if (n <= 0) return false;
    text.append(piece, 0, static_cast<std::size_t>(n));
    if (text.find(kEncrypted) != std::string::npos) return true;
    text.erase(0, text.size() - std::min(text.size(), kEncrypted.size()));
    at += n;
  }
}

}  // namespace

std::string old_workbook(const ByteSource& source) {
  const Fd file = source.whole_file();
  if (file && is_encrypted(file))
    return "a workbook that a password protects; open it in a spreadsheet program, take the password off and save it "
           "as "
           ".xlsx or `CSV UTF-8`";
  return "a workbook of the old kind (.xls); open it in a spreadsheet program and save it as .xlsx or `CSV UTF-8`";
}

}  // namespace pipeline::sheet
