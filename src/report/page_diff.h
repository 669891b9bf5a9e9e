#pragma once

#include <string>
#include <string_view>

namespace pipeline::report::page {

// Two texts as HTML, with the words that only one of them has marked.
struct MarkedTexts {
  std::string before;  // <del> around what went
  std::string after;   // <ins> around what came
};
[[nodiscard]] MarkedTexts mark_changes(std::string_view before, std::string_view after);

}  // namespace pipeline::report::page
