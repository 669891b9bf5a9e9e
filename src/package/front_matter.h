#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::package {

// What note-taking programs and site generators put before a text: YAML between `---` and `---`, or TOML between `+++`.
struct FrontMatter {
  std::size_t size = 0;              // bytes, with its last line; 0: there is none
  std::optional<std::string> title;  // of YAML
  std::vector<std::string> tags;     // the same
  std::string note;                  // a predicate of the file: what could not be read; empty: nothing
};

[[nodiscard]] FrontMatter read_front_matter(std::string_view text);

}  // namespace pipeline::package
