#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::package {

// The words of a text: what stands between white space and punctuation, in small letters.
[[nodiscard]] std::vector<std::u32string> words_of(std::string_view text);

// A text as a name in a sentence: without symbols and emoji, each word once, at most `longest` characters, cut at a
// word.
[[nodiscard]] std::string plain_name(std::string_view text, std::size_t longest);

}  // namespace pipeline::package
