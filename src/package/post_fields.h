#pragma once

#include "pipeline/package/post.h"

#include "json_document.h"

#include <optional>
#include <string>
#include <vector>

namespace pipeline::package {

// What post.json says of a picture; whether there is such a file is another matter.
struct NamedImage {
  std::string file;
  std::string file_place;
  std::string alt;
  std::string alt_place;  // empty: no alt
};

// Fills those fields of the post that stand in post.json alone; `body` as it stands there, be it the name of a file.
// What breaks a rule goes to the faults, and its field is left as it was.
void read_fields(const Json& root, Post& post, std::vector<NamedImage>& images, std::vector<Fault>& faults);

[[nodiscard]] bool is_content_id(std::string_view text) noexcept;

}  // namespace pipeline::package
