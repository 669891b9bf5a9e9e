#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pipeline::http {

enum class Gunzipped {
  whole,
  broken,    // no gzip, or cut off
  too_long,  // more than the bound
};

// Puts what a gzip file (RFC 1952) of one or more members holds into `out`, at most `most` bytes. libdeflate, since the
// whole body is at hand: twice as fast as inflating it as it comes.
[[nodiscard]] Gunzipped gunzip(std::string_view packed, std::size_t most, std::string& out);

}  // namespace pipeline::http
