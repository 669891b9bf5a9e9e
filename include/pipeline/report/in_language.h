#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace pipeline::report {

// Puts the head and the words of a table into its reader's language. They have to be there before they are aligned:
// Korean letters are two columns wide.
using InLanguage = std::function<std::string(std::string_view english)>;

[[nodiscard]] inline std::string as_it_is(std::string_view english) {
  return std::string(english);
}

}  // namespace pipeline::report
