#pragma once

#include <string>
#include <string_view>

// Text in the language of manual pages, man(7).
namespace pipeline::cli::roff {

// The text as it stands, whatever signs are in it.
[[nodiscard]] std::string plain(std::string_view text);
[[nodiscard]] std::string bold(std::string_view text);
[[nodiscard]] std::string italic(std::string_view text);

// Filled text; what stands between `backticks` is bold. Ends its line.
[[nodiscard]] std::string filled(std::string_view text);

// Paragraphs with empty lines between them; the first goes on where the page is. Lines that are indented stay as they
// are.
[[nodiscard]] std::string paragraphs(std::string_view text);

// Lines that stay as they are, indented.
[[nodiscard]] std::string example(std::string_view text);

}  // namespace pipeline::cli::roff
