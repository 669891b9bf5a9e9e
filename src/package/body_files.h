#pragma once

#include "pipeline/package/post.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::package {

// The body of post.json, where it is the name of a file: what that file's name says of it.
struct BodyFile {
  std::optional<BodyFormat> format;
  std::string objection;     // where there is none: a predicate that says what to do
  bool may_be_text = false;  // if there is no such file: `see index.html`
};

// Absent: the body is the text itself.
[[nodiscard]] std::optional<BodyFile> body_file_of(std::string_view body);

// The same of a body that may be a text, `body` or `my post.md`, and is like the name of a file that is there; empty:
// it is a text.
[[nodiscard]] std::string meant_body_file(std::string_view body, const std::vector<std::string>& files);

// `: did you mean body.html?`: of the files in the folder the one that may have been meant by a name that is none.
[[nodiscard]] std::string body_file_suggestion(std::string_view body, const std::vector<std::string>& files);

}  // namespace pipeline::package
