#pragma once

#include <iconv.h>

#include <stdexcept>
#include <string>

namespace pipeline::test {

// What a Korean spreadsheet saves for the text.
inline std::string to_cp949(std::string utf8) {
  const iconv_t handle = ::iconv_open("CP949", "UTF-8");
  std::string out(utf8.size(), '\0');
  char* from = utf8.data();
  std::size_t left = utf8.size();
  char* to = out.data();
  std::size_t room = out.size();
  const bool failed = ::iconv(handle, &from, &left, &to, &room) == static_cast<std::size_t>(-1);
  ::iconv_close(handle);
  if (failed) throw std::invalid_argument("not in CP949: " + utf8);
  out.resize(out.size() - room);
  return out;
}

}  // namespace pipeline::test
