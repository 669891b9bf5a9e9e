#pragma once

#include <string>
#include <string_view>

namespace pipeline::package {

// What a link's address is, read as a browser reads it: white space and controls at the ends and tabs and line breaks
// inside do not count (URL Standard, 4.4).
struct Link {
  enum class Kind {
    good,      // http, https, mailto, tel
    fragment,  // #place: of a page that will not be there
    script,    // javascript, vbscript, data: runs or shows what nobody checked
    unusable   // no scheme or another one: leads nowhere from a blog
  } kind = Kind::unusable;
  std::string address;  // as the author wrote it, but for white space; what an address may not hold is percent-encoded
  std::string scheme;   // in small letters; empty: none
};

[[nodiscard]] Link read_link(std::string_view address);

}  // namespace pipeline::package
