#include "content_id.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/characters.h"
#include "pipeline/base/sha256.h"

#include "post_limits.h"

#include <algorithm>
#include <cstddef>

namespace pipeline::package {
namespace {

constexpr std::size_t kDigits = 8;

bool is_allowed(char c) noexcept {
  return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.';
}

}  // namespace

bool is_content_id(std::string_view text) noexcept {
  return !text.empty() && text.size() <= kLongestContentId && text.front() != '-' && text.front() != '.' &&
         std::ranges::all_of(text, is_allowed);
}

std::string content_id_of_folder(std::string_view name) {
  if (is_content_id(name)) return std::string(name);
  const std::string composed = to_nfc(name);
  std::string id;
  for (const char c : composed)
    if (is_allowed(c) && !(id.empty() && (c == '-' || c == '.')))
      id += c;
    else if (!id.empty() && id.back() != '-')
      id += '-';
  id.resize(std::min(id.size(), kLongestContentId - kDigits - 1));
  while (id.ends_with('-')) id.pop_back();
  if (id.empty()) id = "post";
  return id + '-' + to_hex(Sha256Hasher().hash(composed)).substr(0, kDigits);
}

}  // namespace pipeline::package
