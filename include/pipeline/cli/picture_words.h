#pragma once

#include <array>

namespace pipeline::cli {

// The last words of the commands that look at pictures or films. A call with one of them begins at once as the
// executable that has the libraries for those; another that turns out to need them becomes it.
inline constexpr std::array<const char*, 4> kPictureWords{"package", "check", "night", "html"};

}  // namespace pipeline::cli
