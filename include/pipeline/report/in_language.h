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

// What a rule of the budget that the program brings, or a set of them, is called in Korean; any other as it is called.
[[nodiscard]] std::string rule_in_korean(std::string_view name);

}  // namespace pipeline::report
