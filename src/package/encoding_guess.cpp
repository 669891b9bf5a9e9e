#include "encoding_guess.h"

#include <iconv.h>

#include <cstddef>
#include <memory>
#include <type_traits>

namespace pipeline::package {
namespace {

constexpr std::string_view kCure = "save it as UTF-8 (in Notepad: Save As, Encoding: UTF-8)";

struct CloseIconv {
  void operator()(void* converter) const noexcept { iconv_close(converter); }
};

// Whether all of it can be read as Korean of Windows.
bool is_cp949(std::string_view bytes) {
  const iconv_t opened = iconv_open("UTF-8", "CP949");
  if (opened == reinterpret_cast<iconv_t>(-1)) return false;
  const std::unique_ptr<std::remove_pointer_t<iconv_t>, CloseIconv> converter(opened);
  std::string copy(bytes);
  std::string out(3 * copy.size(), '\0');
  char* from = copy.data();
  char* to = out.data();
  std::size_t left = copy.size();
  std::size_t room = out.size();
  return iconv(converter.get(), &from, &left, &to, &room) == 0 && left == 0;
}

}  // namespace

std::string encoding_advice(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) return "; it is UTF-16: " + std::string(kCure);
  if (is_cp949(bytes)) return "; it is CP949, which Windows calls ANSI: " + std::string(kCure);
  return "; " + std::string(kCure);
}

}  // namespace pipeline::package
