#pragma once

#include <span>
#include <string>

namespace pipeline::package {

// The JSON Schema (draft 7, which editors know) of post.json, with a line break at its end. What it refuses the reader
// refuses; the reader knows more, as it sees the folder.
[[nodiscard]] std::string post_schema();

// A field of post.json, and what it is in Korean; fields within others with a dot: `cta.url`.
struct PostField {
  const char* name;
  const char* meaning;
};
[[nodiscard]] std::span<const PostField> post_fields() noexcept;

}  // namespace pipeline::package
