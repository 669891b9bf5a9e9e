#pragma once

#include <string>
#include <string_view>

namespace pipeline::package {

// Two characters that no text has: one that counts as a letter beside a run of `*`, `_` or `~`, and one that counts as
// a space. They are taken out again when the Markdown is parsed.
inline constexpr std::string_view kLetterMark = "\uFDD0";
inline constexpr std::string_view kSpaceMark = "\u1680";

// Puts marks beside those runs that begin or end emphasis by other rules than those of cmark-gfm, which has CommonMark
// 0.29: by CommonMark 0.31 (`*£*b`), and by its CJK-friendly amendments, which let `**강력(强力)**하게` be strong
// (github.com/tats-u/markdown-cjk-friendly). The marks change nothing else.
[[nodiscard]] std::string with_flank_marks(std::string_view markdown);

[[nodiscard]] std::string without_flank_marks(std::string_view text);

}  // namespace pipeline::package
